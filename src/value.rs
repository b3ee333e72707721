//! What the core sees of options, JSON documents and claims.

/// A value that the host has parsed, or a member of one.
///
/// The host's own JSON parser is used, so that none is shipped in the module. Natively this is
/// `serde_json::Value`, in JavaScript any value.
pub trait Value: Sized {
    /// Parses a JSON text. `None` when it is not JSON.
    fn parse(json: &str) -> Option<Self>;

    /// A member of an object, or an element of an array by its index. `None` when there is none.
    fn member(&self, name: &str) -> Option<Self>;

    /// The string that this is.
    fn text(&self) -> Option<String>;

    /// The number that this is.
    fn number(&self) -> Option<f64>;

    /// Whether this is `null`.
    fn is_null(&self) -> bool;

    /// A member that is a string.
    fn text_of(&self, name: &str) -> Option<String> {
        self.member(name)?.text()
    }
}
