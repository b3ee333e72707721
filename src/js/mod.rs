//! The host boundary: the one place that knows JavaScript. It reads options and responses, calls the identity token
//! provider and `fetch`, keeps the deadline and hands out results. The rules are in the core.
//!
//! Two things hold for every line of it. What somebody else made, be it options, responses or what a provider returned, is
//! read through [`Value`](crate::value::Value) or by imports that are declared to throw (`catch`), because an exception
//! that crosses a future leaves its promise pending for ever. And a promise is only ever awaited through
//! `Deadline::wait`, so that nothing can hang and no callback outlives its call.

mod api_request;
mod deadline;
mod error;
mod fetch;
mod options;
mod token_cache;
mod value;
mod workload_identity;

pub use api_request::{api_headers, covers, fetch_scope};
pub use token_cache::{TokenPolicy, aborted, no_signal, timed_out};
pub use workload_identity::WorkloadIdentity;
