//! JavaScript values as the core sees them, and the core's as JavaScript gets them.

use js_sys::{Date, Reflect, Uint8Array};
use serde::Serialize;
use serde_wasm_bindgen::Serializer;
use wasm_bindgen::prelude::*;

use crate::value::{Members, Object, Value};

#[wasm_bindgen]
extern "C" {
    // An import that throws must not be one that returns a bare `JsValue`: then wasm-bindgen 0.2.130 leaves the handle of an
    // `undefined` behind at every exception. An `Option` has none.
    #[wasm_bindgen(catch, js_namespace = JSON, js_name = parse)]
    fn parse(json: &str) -> Result<Option<JsValue>, JsValue>;

    pub type TextDecoder;

    #[wasm_bindgen(catch, constructor)]
    pub fn new() -> Result<TextDecoder, JsValue>;

    #[wasm_bindgen(catch, method)]
    pub fn decode(this: &TextDecoder, bytes: &[u8]) -> Result<String, JsValue>;

    // The chunk of a stream stays outside: web-sys would copy it into the module's memory and out again.
    #[wasm_bindgen(catch, method, js_name = decode)]
    pub fn decode_chunk(this: &TextDecoder, chunk: &Uint8Array, options: &js_sys::Object) -> Result<String, JsValue>;
}

impl Value for JsValue {
    fn parse(json: &str) -> Option<Self> {
        parse(json).ok().map(|value| value.unwrap_or(JsValue::NULL))
    }

    fn parse_bytes(json: &[u8]) -> Option<Self> {
        Self::parse(&TextDecoder::new().ok()?.decode(json).ok()?)
    }

    fn member(&self, name: &str) -> Option<Self> {
        let object = Some(self).filter(|value| value.is_object())?; // of anything else `Reflect.get` throws
        Reflect::get(object, &name.into()).ok().filter(|value| !value.is_undefined())
    }

    fn parse_date(text: &str) -> f64 {
        Date::parse(text)
    }

    fn text(&self) -> Option<String> {
        self.as_string()
    }

    fn number(&self) -> Option<f64> {
        self.as_f64()
    }

    fn is_null(&self) -> bool {
        JsValue::is_null(self)
    }
}

/// A plain object.
pub fn object(members: &impl Members) -> js_sys::Object {
    let mut object = js_sys::Object::default();
    members.put_into(&mut object);
    object
}

impl Object for js_sys::Object {
    fn put(&mut self, name: &'static str, value: &(impl Serialize + ?Sized)) {
        let value = value.serialize(&Serializer::new().serialize_missing_as_null(true));
        set(self, name, &value.unwrap_or_default()); // only primitives are put, which cannot fail
    }
}

/// Sets a member of a plain object, which cannot fail either.
pub fn set(object: &js_sys::Object, name: &str, value: &JsValue) {
    let _ = Reflect::set(object, &name.into(), value);
}
