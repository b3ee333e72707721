//! Posts a token request with the host's `fetch`, or with the user's.

use js_sys::{ArrayBuffer, Date, Function, Promise, Uint8Array};
use serde::Serialize;
use serde_wasm_bindgen::Serializer;
use wasm_bindgen::prelude::*;
use web_sys::{Headers, ReadableStreamDefaultReader, RequestInit, RequestRedirect, Response};

use crate::error::{Error, Stage};
use crate::js::deadline::Deadline;
use crate::js::error::{Failure, words};
use crate::redaction::Redaction;
use crate::token_request::TokenRequest;
use crate::token_response::{Body, RetryAfter, TokenResponse};
use crate::value::Value;

#[wasm_bindgen]
extern "C" {
    // Looked up at every call, as a global: one that is replaced later is used from then on.
    #[wasm_bindgen(catch, js_name = fetch)]
    fn host_fetch(url: &str, init: &RequestInit) -> Result<JsValue, JsValue>;
}

/// How one exchange reaches the token endpoint.
pub struct Transport<'a> {
    pub fetch: Option<&'a Function>,
    pub deadline: &'a Deadline,
    pub redaction: &'a Redaction<'a>,
}

impl Transport<'_> {
    /// Sends the request and reads the response to its end, or to its limit.
    pub async fn post(&self, request: &TokenRequest<'_>) -> Result<TokenResponse, Failure> {
        let init = self.init(request).map_err(|thrown| self.network(thrown))?;
        let response = match self.fetch {
            Some(fetch) => fetch.call2(&JsValue::UNDEFINED, &request.url.as_str().into(), &init),
            None => host_fetch(&request.url, &init),
        };
        let response = self.wait(Stage::Headers, &response.map_err(|thrown| self.network(thrown))?).await?;
        let Some(status) = response.member("status").and_then(|status| status.number()) else {
            return Err(self.network("fetch did not return a Response".into()));
        };
        let response: Response = response.unchecked_into();
        let header = |name| response.headers().get(name).ok().flatten();
        Ok(TokenResponse {
            status: status as u16,
            request_id: header("request-id"),
            retry_after: header("retry-after").map(|header| RetryAfter { date_millis: Date::parse(&header), header }),
            body: self.body(&response).await?,
        })
    }

    fn init(&self, request: &TokenRequest<'_>) -> Result<RequestInit, JsValue> {
        let headers = Headers::new()?;
        for (name, value) in request.headers {
            headers.set(name, value)?;
        }
        let body = request.body.serialize(&Serializer::new())?;
        let init = RequestInit::new();
        init.set_method("POST");
        init.set_headers(&headers);
        init.set_body(&js_sys::JSON::stringify(&body)?.into());
        init.set_redirect(RequestRedirect::Manual);
        init.set_signal(Some(&self.deadline.signal()));
        Ok(init)
    }

    async fn body(&self, response: &Response) -> Result<Body, Failure> {
        let mut body = Body::default();
        let Some(stream) = response.body() else { return Ok(body) };
        let reader = ReadableStreamDefaultReader::new(&stream).map_err(|thrown| self.network(thrown))?;
        loop {
            let read = self.wait(Stage::Body, &reader.read()).await?;
            let Some(chunk) = read.member("value").filter(ArrayBuffer::is_view) else { return Ok(body) };
            let chunk: Uint8Array = chunk.unchecked_into();
            // Asked first, because the module's memory never shrinks.
            if !body.admits(chunk.length() as usize) {
                let _ = Promise::all_settled(&js_sys::Array::of1(&reader.cancel())); // so that no rejection goes unhandled
                return Ok(body);
            }
            body.push(&chunk.to_vec());
        }
    }

    async fn wait(&self, stage: Stage, promise: &JsValue) -> Result<JsValue, Failure> {
        self.deadline.wait(stage, promise).await?.map_err(|thrown| self.network(thrown))
    }

    fn network(&self, thrown: JsValue) -> Failure {
        Failure::new(Error::network(&words(&thrown), self.redaction), thrown)
    }
}
