//! Failures on their way out: the JavaScript class, and the `cause` that came from the host or from the user's code.

use serde::Serialize;
use serde_wasm_bindgen::Serializer;
use wasm_bindgen::prelude::*;

use crate::error::Error;
use crate::redaction::Redaction;
use crate::value::Value;

#[cfg_attr(not(feature = "uninstalled"), wasm_bindgen(raw_module = "./errors.js"))]
#[cfg_attr(feature = "uninstalled", wasm_bindgen(module = "/pkg-template/errors.js"))]
extern "C" {
    type WorkloadIdentityError;

    #[wasm_bindgen(constructor)]
    fn new(message: &str, facts: JsValue, cause: &JsValue) -> WorkloadIdentityError;

    /// Every string that a thrown value shows anywhere, or `undefined` when it cannot be read through.
    #[wasm_bindgen(js_name = everyTextIn)]
    fn every_text_in(thrown: &JsValue) -> Option<String>;
}

/// An error of the core with what was thrown, or `undefined`.
pub struct Failure(Box<(Error, JsValue)>); // boxed: every `?` on the way out costs code by its size

impl Failure {
    pub fn new(error: Error, cause: JsValue) -> Self {
        Self(Box::new((error, cause)))
    }

    pub fn error(&self) -> &Error {
        &self.0.0
    }

    /// The host lacks something or forbids it here.
    pub fn host(thrown: JsValue) -> Self {
        Self::new(Error::network(&words(&thrown), &Redaction::default()), thrown)
    }

    /// Throwable. The cause is kept as it is when it shows no secret, and replaced by its redacted words when it does.
    pub fn into_js(self, redaction: &Redaction<'_>) -> JsValue {
        let (error, cause) = *self.0;
        let clean = cause.is_undefined() || every_text_in(&cause).is_some_and(|text| !redaction.finds_in(&text));
        let cause = match clean {
            true => cause,
            false => js_sys::Error::new(&redaction.scrub(&words(&cause), 1000)).into(),
        };
        let report = error.report();
        let facts = report.serialize(&Serializer::new().serialize_missing_as_null(true));
        WorkloadIdentityError::new(&report.message, facts.unwrap_or(JsValue::NULL), &cause).into()
    }
}

impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        Self::new(error, JsValue::UNDEFINED)
    }
}

/// What a thrown value says: the message of an error, or a string.
pub fn words(thrown: &JsValue) -> String {
    thrown.text_of("message").or_else(|| thrown.text()).unwrap_or_else(|| "no reason given".to_owned())
}
