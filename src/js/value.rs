//! JavaScript values as the core sees them, and the core's as JavaScript gets them.

use js_sys::{Date, JSON, Object, Reflect};
use serde::Serialize;
use serde_wasm_bindgen::Serializer;
use wasm_bindgen::JsValue;

use crate::value::{Member, Members, Value};

impl Value for JsValue {
    fn parse(json: &str) -> Option<Self> {
        JSON::parse(json).ok()
    }

    fn member(&self, name: &str) -> Option<Self> {
        Reflect::get(self, &name.into()).ok().filter(|value| !value.is_undefined())
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
pub fn object(members: &dyn Members) -> Object {
    let object = Object::default();
    members.each(&mut |name, member| set(&object, name, &primitive(member)));
    object
}

/// Sets a member of a plain object, which cannot fail.
pub fn set(object: &Object, name: &str, value: &JsValue) {
    let _ = Reflect::set(object, &name.into(), value);
}

fn primitive(member: Member<'_>) -> JsValue {
    member.serialize(&Serializer::new().serialize_missing_as_null(true)).unwrap_or(JsValue::NULL)
}
