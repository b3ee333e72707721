//! Failures on their way out: the JavaScript class, and the `cause` that came from the host or from the user's code.

use wasm_bindgen::prelude::*;

use crate::error::Error;
use crate::js::value::object;
use crate::redaction::Redaction;
use crate::token_response::ErrorBody;
use crate::value::Value;

#[cfg_attr(not(feature = "uninstalled"), wasm_bindgen(raw_module = "./errors.js"))]
#[cfg_attr(feature = "uninstalled", wasm_bindgen(module = "/pkg-template/errors.js"))]
extern "C" {
    type WorkloadIdentityError;

    #[wasm_bindgen(constructor)]
    fn new(message: &str, facts: &JsValue, body: &JsValue, cause: &JsValue) -> WorkloadIdentityError;

    /// Every string that a thrown value shows anywhere, or `undefined` when it cannot be read through.
    #[wasm_bindgen(js_name = everyTextIn)]
    fn every_text_in(thrown: &JsValue) -> Option<String>;
}

/// An error of the core with what was thrown, or `undefined`.
pub struct Failure {
    pub error: Box<Error>,
    pub cause: JsValue,
}

const MAX_SAID_CHARS: usize = 300;

impl Failure {
    pub fn new(error: Error, cause: JsValue) -> Self {
        Self { error: Box::new(error), cause }
    }

    /// Throwable. The cause is kept as it is when it shows no secret, and replaced by its redacted words when it does.
    pub fn into_js(self, redaction: &Redaction<'_>) -> JsValue {
        let Self { error, mut cause } = self;
        let mut said = String::new();
        if !cause.is_undefined() {
            said = redaction.scrub(&cause.text().unwrap_or_else(|| cause.text_of("message")), MAX_SAID_CHARS);
            if every_text_in(&cause).is_none_or(|text| redaction.finds_in(&text)) {
                cause = js_sys::Error::new(&said).into();
            }
        }
        let body = match &*error {
            Error::Refused(refusal) => body(&refusal.body),
            _ => JsValue::NULL,
        };
        WorkloadIdentityError::new(&error.message(&said), &object(&*error), &body, &cause).into()
    }
}

impl From<Box<Error>> for Failure {
    fn from(error: Box<Error>) -> Self {
        Self { error, cause: JsValue::UNDEFINED }
    }
}

fn body(body: &ErrorBody) -> JsValue {
    match body {
        ErrorBody::Text(text) if !text.is_empty() => text.into(),
        ErrorBody::Members(members) if !members.is_empty() => object(body).into(),
        _ => JsValue::NULL,
    }
}

/// What a failure is to JavaScript when there is no assertion that it could show.
pub fn throwable(failure: impl Into<Failure>) -> JsValue {
    failure.into().into_js(&Redaction::default())
}
