//! How the core sees the host's values, and how it hands out its own.

use serde::Serialize;

/// A value that the host has parsed: options, a JSON document, a URL, or a member of one.
///
/// The host's own parsers are used, so that none is shipped in the module. Natively this is
/// `serde_json::Value`, in JavaScript any value.
pub trait Value: Sized {
    /// Parses a JSON text. `None` when it is not JSON.
    fn parse(json: &str) -> Option<Self>;

    /// Parses a JSON text in UTF-8.
    fn parse_bytes(json: &[u8]) -> Option<Self>;

    /// A member of an object, or an element of an array by its index. `None` when there is none.
    fn member(&self, name: &str) -> Option<Self>;

    /// Parses a date; milliseconds since 1970, or NaN.
    fn parse_date(text: &str) -> f64;

    /// The string that this is.
    fn text(&self) -> Option<String>;

    /// The number that this is.
    fn number(&self) -> Option<f64>;

    /// Whether this is `null`.
    fn is_null(&self) -> bool;

    /// The string that a member is. Empty when it is none.
    fn text_of(&self, name: &str) -> String {
        self.member(name).and_then(|member| member.text()).unwrap_or_default()
    }
}

/// A plain object of the host, while it is being made.
pub trait Object {
    /// Adds a member.
    fn put(&mut self, name: &'static str, value: &(impl Serialize + ?Sized));

    /// Adds a member that is a string, or `null` in place of an empty one.
    fn put_or_null(&mut self, name: &'static str, text: &str) {
        if text.is_empty() { self.put(name, &()) } else { self.put(name, text) }
    }
}

/// What a plain object can be made from.
pub trait Members {
    /// Adds every member.
    fn put_into(&self, object: &mut impl Object);
}
