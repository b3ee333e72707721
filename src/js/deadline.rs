//! One limit for everything that an exchange waits for.

use js_sys::{Array, Function, Promise};
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;
use web_sys::{AbortController, AbortSignal};

use crate::error::{Error, Stage};
use crate::js::error::Failure;
use crate::value::Value;

#[wasm_bindgen]
extern "C" {
    // The third argument is handed to the callback. The handle is a number in some hosts and an object in others.
    #[wasm_bindgen(catch, js_name = setTimeout)]
    fn set_timeout(callback: &Function, millis: u32, argument: &JsValue) -> Result<JsValue, JsValue>;

    #[wasm_bindgen(js_name = clearTimeout)]
    fn clear_timeout(handle: &JsValue);
}

/// Ends an exchange when its time is over or when its caller aborts, whichever comes first.
pub struct Deadline {
    timer: JsValue,
    caller: Option<AbortSignal>,
    controller: AbortController,
    /// Fulfils `over`.
    end: Function,
    /// Fulfilled with `controller` by the timer, and with an event by the caller.
    over: Promise<JsValue>,
}

impl Deadline {
    /// Starts to count, unless the caller has aborted already.
    pub fn start(timeout_ms: u32, caller: Option<AbortSignal>) -> Result<Self, Failure> {
        let unavailable = |thrown| Failure::new(Error::Network, thrown);
        let controller = AbortController::new().map_err(unavailable)?;
        let mut end = JsValue::UNDEFINED;
        let over = Promise::new_typed::<JsValue>(&mut |resolve, _reject| end = resolve.into());
        let end: Function = end.unchecked_into();
        let timer = set_timeout(&end, timeout_ms, &controller).map_err(unavailable)?;
        let deadline = Self { timer, caller, controller, end, over };
        if let Some(signal) = &deadline.caller {
            let listening = signal.add_event_listener_with_callback("abort", &deadline.end);
            listening.map_err(|_| Error::option("signal", "be an AbortSignal"))?;
        }
        match deadline.aborted() {
            Some(aborted) => Err(aborted),
            None => Ok(deadline),
        }
    }

    /// To be handed to whatever is waited for.
    pub fn signal(&self) -> AbortSignal {
        self.controller.signal()
    }

    /// Tells whoever has the [`signal`](Self::signal) to stop.
    pub fn abort(&self, reason: &JsValue) {
        self.controller.abort_with_reason(reason);
    }

    /// Waits for what was started: a promise, or any other value. What it throws is a failure of that stage.
    ///
    /// The race is the host's. A race of Rust futures would keep the loser's callbacks in memory for as long as
    /// it does not settle, which may be for ever.
    pub async fn wait(&self, stage: Stage, started: Result<JsValue, JsValue>) -> Result<JsValue, Failure> {
        let settled = match started {
            Ok(promise) => JsFuture::from(Promise::race(&Array::of2(&promise, &self.over))).await,
            Err(thrown) => Err(thrown),
        };
        if let Some(aborted) = self.aborted() {
            return Err(aborted);
        }
        match settled {
            Ok(value) if value == *AsRef::<JsValue>::as_ref(&self.controller) => {
                Err(Failure::new(Error::Timeout(stage), JsValue::UNDEFINED))
            }
            Ok(value) => Ok(value),
            Err(thrown) if stage == Stage::IdentityToken => Err(Failure::new(Error::IdentityTokenProvider, thrown)),
            Err(thrown) => Err(Failure::new(Error::Network, thrown)),
        }
    }

    fn aborted(&self) -> Option<Failure> {
        let signal = self.caller.as_ref().filter(|signal| signal.member("aborted") == Some(JsValue::TRUE))?;
        Some(Failure::new(Error::Aborted, signal.member("reason").unwrap_or_default()))
    }
}

impl Drop for Deadline {
    fn drop(&mut self) {
        clear_timeout(&self.timer);
        if let Some(signal) = &self.caller {
            let _ = signal.remove_event_listener_with_callback("abort", &self.end); // no signal, no listener
        }
    }
}
