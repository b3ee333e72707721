//! Reads `WorkloadIdentityOptions`.

use js_sys::Function;
use wasm_bindgen::{JsCast, JsValue};

use crate::config::{BaseUrl, given};
use crate::error::{Error, Result};
use crate::value::Value;

/// A URL in a string, or in a `URL` of any realm. `None` when it is absent.
pub fn base_url(given: Option<JsValue>) -> Result<BaseUrl> {
    let text = given.map(|given| given.text().unwrap_or_else(|| given.text_of("href")));
    let url = web_sys::Url::new(text.as_deref().unwrap_or(BaseUrl::DEFAULT))
        .map_err(|_| Error::option("baseURL", "be an absolute URL"))?;
    BaseUrl::new::<JsValue>(&url)
}

/// An option that is a function.
pub fn function(options: &JsValue, option: &'static str) -> Result<Option<Function>> {
    let Some(given) = given(options, option) else { return Ok(None) };
    given.dyn_into().map(Some).map_err(|_| Error::option(option, "be a function"))
}
