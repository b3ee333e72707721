//! The class behind the package's `WorkloadIdentity`.

use std::cell::RefCell;
use std::rc::Rc;

use js_sys::{Date, Function, Object, Promise, Reflect};
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::future_to_promise;

use crate::access_token::{AccessToken, UnixTime};
use crate::assertion::Assertion;
use crate::config::Config;
use crate::error::{Error, IdentityTokenProblem, Stage};
use crate::js::deadline::Deadline;
use crate::js::error::{Failure, words};
use crate::js::fetch::Transport;
use crate::js::options::{self, Options};
use crate::redaction::Redaction;
use crate::sent_assertions::SentAssertions;
use crate::token_request::TokenRequest;
use crate::token_response::Attempt;
use crate::value::Value;

/// Exchanges identity tokens for access tokens.
#[wasm_bindgen]
pub struct WorkloadIdentity(Rc<Exchange>);

struct Exchange {
    config: RefCell<Rc<Config>>,
    identity_token_provider: Function,
    fetch: Option<Function>,
    sent: RefCell<SentAssertions>,
}

#[wasm_bindgen]
impl WorkloadIdentity {
    /// Takes `WorkloadIdentityOptions`.
    #[wasm_bindgen(constructor)]
    pub fn new(options: &JsValue) -> Result<Self, JsValue> {
        let Options { config, identity_token_provider, fetch } = options::read(options).map_err(throwable)?;
        let (config, sent) = (RefCell::new(Rc::new(config)), RefCell::default());
        Ok(Self(Rc::new(Exchange { config, identity_token_provider, fetch, sent })))
    }

    /// The most bytes that an identity token may have.
    #[wasm_bindgen(getter, js_name = maxAssertionBytes)]
    pub fn max_assertion_bytes() -> usize {
        Assertion::MAX_BYTES
    }

    /// Where the exchange is posted to.
    #[wasm_bindgen(getter, js_name = baseURL)]
    pub fn base_url(&self) -> String {
        self.0.config.borrow().base_url.as_str().to_owned()
    }

    /// Sets the base URL of later calls.
    #[wasm_bindgen(js_name = bindBaseURL)]
    pub fn bind_base_url(&self, base_url: &JsValue) -> Result<(), JsValue> {
        let base_url = options::base_url(base_url).map_err(throwable)?;
        let mut config = self.0.config.borrow_mut();
        *config = Rc::new(Config { base_url, ..Config::clone(&config) });
        Ok(())
    }

    /// Performs a fresh exchange. Nothing of it is shared with another call but the memory of what was sent.
    pub fn call(&self, request: JsValue) -> Promise {
        let exchange = Rc::clone(&self.0);
        let config = Rc::clone(&exchange.config.borrow());
        future_to_promise(async move { exchange.run(&config, &request).await })
    }
}

impl Exchange {
    async fn run(&self, config: &Config, request: &JsValue) -> Result<JsValue, JsValue> {
        let signal = request.member("signal").filter(|signal| !signal.is_null());
        let deadline = Deadline::start(config.timeout_ms, signal.map(JsCast::unchecked_into));
        let deadline = deadline.map_err(|failure| failure.into_js(&Redaction::default()))?;
        let result = match self.identity_token(&deadline).await {
            Ok(assertion) => self.access_token(config, &assertion, &deadline).await,
            Err(failure) => Err(failure.into_js(&Redaction::default())),
        };
        if let Err(error) = &result {
            deadline.abort(error);
        }
        result
    }

    async fn identity_token(&self, deadline: &Deadline) -> Result<Assertion, Failure> {
        let failed = |thrown: JsValue| Failure::new(Error::identity_token_provider(&words(&thrown)), thrown);
        let context = Object::new();
        Reflect::set(&context, &"signal".into(), &deadline.signal()).map_err(failed)?;
        let token = self.identity_token_provider.call1(&JsValue::UNDEFINED, &context).map_err(failed)?;
        let token = deadline.wait(Stage::IdentityToken, &token).await?.map_err(failed)?;
        let token = token.dyn_into::<js_sys::JsString>().map_err(|_| IdentityTokenProblem::NotAString);
        let token = token.map_err(Error::from)?.trim();
        // Measured before it is copied, because the module's memory never shrinks.
        if token.length() as usize > Assertion::MAX_BYTES {
            return Err(Error::from(IdentityTokenProblem::TooLarge).into());
        }
        Ok(Assertion::new(Some(&String::from(token)))?)
    }

    async fn access_token(
        &self,
        config: &Config,
        assertion: &Assertion,
        deadline: &Deadline,
    ) -> Result<JsValue, JsValue> {
        let redaction = Redaction::of(assertion);
        let transport = Transport { fetch: self.fetch.as_ref(), deadline, redaction: &redaction };
        let requested_at = UnixTime::from_millis(Date::now());
        let response = transport.post(&TokenRequest::new(config, assertion)).await;
        let mut sent = self.sent.borrow_mut();
        let result = response.and_then(|response| {
            let attempt = Attempt { config, assertion, sent_before: &sent, requested_at };
            Ok(response.access_token::<JsValue>(&attempt)?)
        });
        sent.note(assertion, result.as_ref().err().map(Failure::error));
        match result {
            Ok(token) => frozen(&token),
            Err(failure) => Err(failure.into_js(&redaction)),
        }
    }
}

fn frozen(token: &AccessToken) -> Result<JsValue, JsValue> {
    let token = serde_wasm_bindgen::to_value(token)?;
    Ok(Object::freeze(token.unchecked_ref::<Object>()).into())
}

fn throwable(error: Error) -> JsValue {
    Failure::from(error).into_js(&Redaction::default())
}
