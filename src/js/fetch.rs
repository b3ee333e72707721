//! Posts a token request with the host's `fetch`, or with the user's.

use js_sys::{ArrayBuffer, JSON, Object, Uint8Array};
use wasm_bindgen::prelude::*;
use web_sys::{Headers, ReadableStreamDefaultReader};

use crate::config::given;
use crate::error::{Error, Stage};
use crate::js::deadline::Deadline;
use crate::js::error::Failure;
use crate::js::value::{TextDecoder, object, set};
use crate::token_request::{self, TokenRequest};
use crate::token_response::TokenResponse;
use crate::value::Value;

#[wasm_bindgen]
extern "C" {
    // Looked up at every call, as a global: one that is replaced later is used from then on.
    #[wasm_bindgen(catch, js_name = fetch)]
    fn host_fetch(url: &JsValue, init: &JsValue) -> Result<Option<JsValue>, JsValue>;

    /// A `fetch` in place of the host's.
    pub type Fetch;

    #[wasm_bindgen(catch, method)]
    fn call(this: &Fetch, receiver: &JsValue, url: &JsValue, init: &JsValue) -> Result<Option<JsValue>, JsValue>;
}

/// Sends the request and reads the response to its end, or to its limit.
pub async fn post(
    request: &TokenRequest<'_>,
    fetch: Option<&Fetch>,
    deadline: &Deadline,
) -> Result<TokenResponse, Failure> {
    let response = deadline.wait(Stage::Headers, send(request, fetch, deadline)).await?;
    let mut read = TokenResponse::default();
    let thrown = |thrown| Failure::new(Error::Network, thrown);
    let stream = open(&response, &mut read).map_err(thrown)?;
    let decoder = TextDecoder::new().map_err(thrown)?;
    let more = Object::default();
    set(&more, "stream", &JsValue::TRUE);
    // A chunk is measured before it is copied, because the module's memory never shrinks.
    while let Some(reader) = &stream
        && let Some(chunk) = chunk(&deadline.wait(Stage::Body, Ok(reader.read().into())).await?)
        && read.body.admits(chunk.length())
    {
        read.body.push(&decoder.decode_chunk(&chunk, &more).map_err(thrown)?);
    }
    Ok(read)
}

fn send(request: &TokenRequest<'_>, fetch: Option<&Fetch>, deadline: &Deadline) -> Result<JsValue, JsValue> {
    let init = Object::default();
    set(&init, "method", &"POST".into());
    set(&init, "headers", &object(&token_request::Headers { config: request.config }));
    let body = JSON::stringify(&object(request))?;
    set(&init, "body", &body);
    set(&init, "redirect", &"manual".into()); // "error" is unknown to workerd
    set(&init, "credentials", &"omit".into()); // no cookies, in hosts that have any
    set(&init, "signal", &deadline.signal());
    let url = request.base_url.token_endpoint().into();
    let response = match fetch {
        Some(fetch) => fetch.call(&JsValue::UNDEFINED, &url, &init),
        None => host_fetch(&url, &init),
    };
    response.map(Option::unwrap_or_default)
}

/// Takes status and headers of a response. What is returned reads its body, if it has one.
fn open(response: &JsValue, read: &mut TokenResponse) -> Result<Option<ReadableStreamDefaultReader>, JsValue> {
    let status = response.member("status").and_then(|status| status.number());
    read.status = status.ok_or("fetch returned no Response")? as u16;
    let headers: Headers = response.member("headers").unwrap_or_default().unchecked_into();
    let header = |name| headers.get(name).ok().flatten().unwrap_or_default();
    read.request_id = header("request-id");
    read.retry_after = header("retry-after");
    let body = given(response, "body");
    body.map(|stream| ReadableStreamDefaultReader::new(stream.unchecked_ref())).transpose()
}

/// The bytes in what a stream's reader returned. `instanceof` would miss those of another realm.
fn chunk(read: &JsValue) -> Option<Uint8Array> {
    read.member("value").filter(ArrayBuffer::is_view).map(JsCast::unchecked_into)
}
