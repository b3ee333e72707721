//! How the core sees the host's values, and how it hands out its own.

use serde::Serialize;

/// A value that the host has parsed: options, a JSON document, a URL, or a member of one.
///
/// The host's own parsers are used, so that none is shipped in the module. Natively this is
/// `serde_json::Value`, in JavaScript any value.
pub trait Value: Sized {
    /// Parses a JSON text. `None` when it is not JSON.
    fn parse(json: &str) -> Option<Self>;

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

/// What a plain object can be made from.
pub trait Members {
    /// Names every member, in order.
    fn each(&self, put: &mut dyn FnMut(&'static str, Member<'_>));
}

/// The value of a member.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
#[serde(untagged)]
pub enum Member<'a> {
    /// A string.
    Text(&'a str),
    /// A number.
    Number(f64),
    /// A truth value.
    Flag(bool),
    /// `null`.
    Nothing,
}

impl<'a> Member<'a> {
    /// A string, or `null` in place of an empty one.
    pub fn text_or_nothing(text: &'a str) -> Self {
        if text.is_empty() { Self::Nothing } else { Self::Text(text) }
    }
}
