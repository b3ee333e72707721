//! Workload identity federation for the Claude API: an identity token goes in, an access token comes out
//! (RFC 7523 jwt-bearer grant, `POST {base URL}/v1/oauth/token`).
//!
//! ```text
//!  options ─▶ Config ─▶ (identity token provider) ─▶ Assertion ─▶ TokenRequest ─▶ (the host's fetch)
//!                                                                                        │
//!  frozen object ◀─ TokenCache policy ◀─ AccessToken ◀─────────────────── TokenResponse ◀┘
//!     │ └─▶ headers of an API request ─▶ (the host's fetch)
//!     or
//!  WorkloadIdentityError ◀─ Error ◀─ diagnosis ◀─ redaction ◀─ error response
//! ```
//!
//! **The core, every module but `js`, has no clock, no I/O, no async and no JavaScript types**: `now` is an
//! argument, JSON and URLs are parsed by the host and seen through [`value::Value`]. It compiles natively, and
//! that is where most of its tests run.
//!
//! `js` is the host boundary, compiled for WebAssembly only. It reads, calls, waits and hands out; it holds no rule.
//! No future in it is ever woken by another call, because in some hosts an I/O object belongs to one request.
//!
//! What users see is in `pkg-template/`, in JavaScript: it calls this, and it is where callers share a promise, in
//! `token_cache.js` and nowhere else.
//!
//! Not in here, on purpose: verifying identity tokens (the token endpoint does), storing tokens outside
//! memory, retrying an exchange (most assertions may be used only once), and running a server.

#![forbid(unsafe_code)]
#![deny(missing_docs)]
// A trap in an async export would leave its promise pending for ever.
#![cfg_attr(not(test), deny(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::unreachable))]
#![cfg_attr(not(test), deny(clippy::indexing_slicing, clippy::string_slice))]

// The way of a token.
pub mod config;

pub mod assertion;

pub mod token_request;

pub mod token_response;

pub mod access_token;

pub mod token_cache;

pub mod api_request;

// What a failure goes through.
pub mod sent_assertions;

pub mod diagnosis;

pub mod redaction;

pub mod error;

mod append;

// What the core sees of the host.
pub mod value;

#[cfg(target_family = "wasm")]
pub mod js;

#[cfg(target_family = "wasm")]
#[global_allocator]
static ALLOCATOR: lol_alloc::LockedAllocator<lol_alloc::FreeListAllocator> =
    lol_alloc::LockedAllocator::new(lol_alloc::FreeListAllocator::new());
