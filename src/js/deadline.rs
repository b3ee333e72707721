//! One limit for everything that an exchange waits for.

use js_sys::{Array, Function, Promise};
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;
use web_sys::{AbortController, AbortSignal};

use crate::error::{Error, Stage};
use crate::js::error::Failure;

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
    timeout_ms: u32,
    timer: JsValue,
    caller: Option<AbortSignal>,
    controller: AbortController,
    /// Settles `over`.
    end: Function,
    /// Fulfilled with `controller` by the timer, and with an event by the caller.
    over: Promise,
}

impl Deadline {
    /// Starts to count, unless the caller has aborted already.
    pub fn start(timeout_ms: u32, caller: Option<AbortSignal>) -> Result<Self, Failure> {
        let controller = AbortController::new().map_err(Failure::host)?;
        let mut end = JsValue::UNDEFINED;
        let over = Promise::new(&mut |resolve, _reject| end = resolve.into());
        let end: Function = end.unchecked_into();
        let timer = set_timeout(&end, timeout_ms, &controller).map_err(Failure::host)?;
        let deadline = Self { timeout_ms, timer, caller, controller, end, over };
        if let Some(signal) = &deadline.caller {
            let must = "be an AbortSignal";
            signal
                .add_event_listener_with_callback("abort", &deadline.end)
                .map_err(|_| Error::InvalidOption { option: "signal", must })?;
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

    /// What `promise` settles to, or that time is over. `promise` may be any value.
    ///
    /// The race is the host's. A race of Rust futures would keep the loser's callbacks in memory for as long as
    /// it does not settle, which may be for ever.
    pub async fn wait(&self, stage: Stage, promise: &JsValue) -> Result<Result<JsValue, JsValue>, Failure> {
        let settled = JsFuture::from(Promise::race(&Array::of2(promise, &self.over))).await;
        if let Some(aborted) = self.aborted() {
            return Err(aborted);
        }
        if settled.as_ref().is_ok_and(|value| value == AsRef::<JsValue>::as_ref(&self.controller)) {
            return Err(Error::Timeout { waited_for: stage, timeout_ms: self.timeout_ms }.into());
        }
        Ok(settled)
    }

    fn aborted(&self) -> Option<Failure> {
        let signal = self.caller.as_ref().filter(|signal| signal.aborted())?;
        Some(Failure::new(Error::Aborted, signal.reason()))
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
