//! Composing texts for people, at the price of the texts alone.

/// Appends strings to a string. `format!` would take more of the module than the strings.
macro_rules! append {
    ($text:expr, $($part:expr),+ $(,)?) => {{ $( $text.push_str($part); )+ }};
}
pub(crate) use append;

/// Appends a number in decimal. The standard conversion brings all of `core::fmt` along.
pub fn append_number(text: &mut String, number: u32) {
    if number > 9 {
        append_number(text, number / 10);
    }
    text.push(char::from(b'0' + (number % 10) as u8));
}
