//! Any JavaScript value as the core sees it.

use js_sys::{JSON, Reflect};
use wasm_bindgen::JsValue;

use crate::value::Value;

impl Value for JsValue {
    fn parse(json: &str) -> Option<Self> {
        JSON::parse(json).ok()
    }

    fn member(&self, name: &str) -> Option<Self> {
        Reflect::get(self, &name.into()).ok().filter(|value| !value.is_undefined())
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
