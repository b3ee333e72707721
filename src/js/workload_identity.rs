//! The class behind the package's `WorkloadIdentity`.

use std::cell::RefCell;
use std::rc::Rc;

use js_sys::{Date, JsString, Object, Promise};
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::future_to_promise;

use crate::access_token::UnixTime;
use crate::assertion::Assertion;
use crate::config::{BaseUrl, Config, given};
use crate::error::{Error, IdentityTokenProblem, Stage};
use crate::js::deadline::Deadline;
use crate::js::error::{Failure, throwable};
use crate::js::fetch::{self, Fetch};
use crate::js::options;
use crate::js::value::{object, set};
use crate::redaction::Redaction;
use crate::sent_assertions::SentAssertions;
use crate::token_request::TokenRequest;
use crate::token_response::{Attempt, TokenResponse};
use crate::value::Value;

#[wasm_bindgen]
extern "C" {
    type IdentityTokenProvider;

    #[wasm_bindgen(catch, method)]
    fn call(this: &IdentityTokenProvider, receiver: &JsValue, context: &JsValue) -> Result<Option<JsValue>, JsValue>;
}

/// Exchanges identity tokens for access tokens.
#[wasm_bindgen]
pub struct WorkloadIdentity(Rc<Exchange>);

struct Exchange {
    config: Config,
    base_url: RefCell<BaseUrl>,
    identity_token_provider: IdentityTokenProvider,
    fetch: Option<Fetch>,
    sent: RefCell<SentAssertions>,
}

#[wasm_bindgen]
impl WorkloadIdentity {
    /// Takes `WorkloadIdentityOptions`.
    #[wasm_bindgen(constructor)]
    pub fn new(options: &JsValue) -> Result<Self, JsValue> {
        let read = || -> Result<_, Box<Error>> {
            let provider = options::function(options, "identityTokenProvider")?.map(JsCast::unchecked_into);
            Ok(Rc::new(Exchange {
                identity_token_provider: provider.ok_or_else(|| Error::missing("identityTokenProvider"))?,
                fetch: options::function(options, "fetch")?.map(JsCast::unchecked_into),
                config: Config::new(options)?,
                base_url: RefCell::new(options::given_base_url(options)?.unwrap_or_default()),
                sent: RefCell::default(),
            }))
        };
        read().map(Self).map_err(throwable)
    }

    /// Where the exchange is posted to.
    #[wasm_bindgen(getter, js_name = baseURL)]
    pub fn base_url(&self) -> JsValue {
        self.0.base_url.borrow().as_str().into()
    }

    /// Sets the base URL of later calls.
    #[wasm_bindgen(js_name = bindBaseURL)]
    pub fn bind_base_url(&self, base_url: &JsValue) -> Result<(), JsValue> {
        self.0.base_url.replace(options::base_url(base_url).map_err(throwable)?);
        Ok(())
    }

    /// The limit of one exchange in milliseconds.
    #[wasm_bindgen(getter, js_name = timeoutMs)]
    pub fn timeout_ms(&self) -> u32 {
        self.0.config.timeout_ms
    }

    /// Performs a fresh exchange. Nothing of it is shared with another call but the memory of what was sent. `optional`: there
    /// is time, so an identity token that was sent before is not sent again, and the promise is fulfilled with nothing.
    pub fn call(&self, request: JsValue, optional: bool) -> Promise {
        let exchange = Rc::clone(&self.0);
        let base_url = exchange.base_url.borrow().clone();
        future_to_promise(async move { exchange.run(&base_url, &request, optional).await })
    }
}

impl Exchange {
    async fn run(&self, base_url: &BaseUrl, request: &JsValue, optional: bool) -> Result<JsValue, JsValue> {
        let signal = given(request, "signal").map(JsCast::unchecked_into);
        let deadline = Deadline::start(self.config.timeout_ms, signal).map_err(throwable)?;
        let token = deadline.wait(Stage::IdentityToken, self.ask_for_identity_token(&deadline)).await;
        let result = match token.and_then(assertion) {
            Ok(assertion) if optional && self.sent.borrow().contains(&assertion) => Ok(JsValue::UNDEFINED),
            Ok(assertion) => {
                let request = TokenRequest { base_url, config: &self.config, assertion: &assertion };
                let requested_at = UnixTime::from_millis(Date::now());
                let response = fetch::post(&request, self.fetch.as_ref(), &deadline).await;
                self.conclude(&request, requested_at, response)
            }
            Err(failure) => Err(throwable(failure)),
        };
        if let Err(error) = &result {
            deadline.abort(error);
        }
        result
    }

    fn ask_for_identity_token(&self, deadline: &Deadline) -> Result<JsValue, JsValue> {
        let context = Object::default();
        set(&context, "signal", &deadline.signal());
        self.identity_token_provider.call(&JsValue::UNDEFINED, &context).map(Option::unwrap_or_default)
    }

    fn conclude(
        &self,
        request: &TokenRequest<'_>,
        requested_at: UnixTime,
        response: Result<TokenResponse, Failure>,
    ) -> Result<JsValue, JsValue> {
        let mut sent = self.sent.borrow_mut();
        let result = response.and_then(|response| {
            let attempt = Attempt { request, sent_before: &sent, requested_at };
            response.access_token::<JsValue>(&attempt).map_err(Failure::from)
        });
        sent.note(request.assertion, result.as_ref().err().map(|failure| &*failure.error));
        match result {
            Ok(token) => Ok(Object::freeze(&object(&token)).into()),
            Err(failure) => Err(failure.into_js(&Redaction::of(request.assertion))),
        }
    }
}

fn assertion(identity_token: JsValue) -> Result<Assertion, Failure> {
    // Measured before it is copied, because the module's memory never shrinks. Twice: there may be white space around it.
    if identity_token.dyn_ref::<JsString>().is_some_and(|token| token.length() as usize > 2 * Assertion::MAX_BYTES) {
        return Err(Failure::new(Error::InvalidIdentityToken(IdentityTokenProblem::TooLarge), JsValue::UNDEFINED));
    }
    Ok(Assertion::new(identity_token.text().as_deref())?)
}
