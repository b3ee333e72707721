//! What the package's `authenticatedFetch` asks.

use js_sys::Object;
use wasm_bindgen::prelude::*;

use crate::api_request::{self, Headers};
use crate::config::BaseUrl;
use crate::error::Error;
use crate::js::error::throwable;
use crate::js::options;
use crate::js::value::object;

/// Checks what `authenticatedFetch` was called with. Returns the base URL, if an option names one.
#[wasm_bindgen(js_name = fetchScope)]
pub fn fetch_scope(is_cache: bool, options: &JsValue) -> Result<Option<String>, JsValue> {
    let checked = || {
        if !is_cache {
            return Err(Error::option("cache", "be a TokenCache"));
        }
        options::function(options, "fetch")?;
        Ok(options::given_base_url(options)?.map(|url| url.as_str().to_owned()))
    };
    checked().map_err(throwable)
}

/// Whether a URL gets the token.
#[wasm_bindgen]
pub fn covers(base_url: Option<String>, href: &str) -> bool {
    api_request::covers(base_url.as_deref().unwrap_or(BaseUrl::DEFAULT), href)
}

/// The headers to set on a call, and with `null` those to delete.
#[wasm_bindgen(js_name = apiHeaders)]
pub fn api_headers(token: &str, beta_flags: &str) -> Object {
    object(&Headers { token, beta_flags })
}
