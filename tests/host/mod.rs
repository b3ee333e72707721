//! A host for native tests: what JavaScript does for the core in production.

use anthropic_workload_identity::assertion::Assertion;
use anthropic_workload_identity::config::{BaseUrl, Config};
use anthropic_workload_identity::error::{Error, Result};
use anthropic_workload_identity::value::{Members, Object, Value};
use serde::Serialize;
use serde_json::{Map, json};

/// A value of the host.
#[derive(Clone, Debug, PartialEq)]
pub struct Json(pub serde_json::Value);

impl Value for Json {
    fn parse(json: &str) -> Option<Self> {
        serde_json::from_str(json).ok().map(Json)
    }

    fn parse_bytes(json: &[u8]) -> Option<Self> {
        serde_json::from_slice(json).ok().map(Json)
    }

    fn member(&self, name: &str) -> Option<Self> {
        let member = match &self.0 {
            serde_json::Value::Array(elements) => elements.get(name.parse::<usize>().ok()?),
            value => value.get(name),
        };
        member.cloned().map(Json)
    }

    fn parse_date(text: &str) -> f64 {
        httpdate::parse_http_date(text)
            .map_or(f64::NAN, |date| date.duration_since(std::time::UNIX_EPOCH).unwrap().as_millis() as f64)
    }

    fn text(&self) -> Option<String> {
        self.0.as_str().map(str::to_owned)
    }

    fn number(&self) -> Option<f64> {
        self.0.as_f64()
    }

    fn is_null(&self) -> bool {
        self.0.is_null()
    }
}

struct JsonObject(Map<String, serde_json::Value>);

impl Object for JsonObject {
    fn put(&mut self, name: &'static str, value: &(impl Serialize + ?Sized)) {
        self.0.insert(name.to_owned(), serde_json::to_value(value).unwrap());
    }
}

/// The object that JavaScript would get.
pub fn object(members: &impl Members) -> serde_json::Value {
    let mut object = JsonObject(Map::new());
    members.put_into(&mut object);
    serde_json::Value::Object(object.0)
}

/// Parses a URL with a WHATWG parser, as `new URL` does.
pub fn base_url(text: &str) -> Result<BaseUrl> {
    let url = url::Url::parse(text).map_err(|_| Error::option("baseURL", "be an absolute URL"))?;
    BaseUrl::new(&Json(json!({ "href": url.as_str(), "origin": url.origin().ascii_serialization() })))
}

/// Options as a user writes them, less the functions.
#[allow(dead_code, reason = "not every test needs it")]
pub fn config(options: serde_json::Value) -> Result<Config> {
    Config::new(&Json(options))
}

/// An assertion with these claims and a signature that nobody checks.
#[allow(dead_code, reason = "not every test needs it")]
pub fn jwt(header: &serde_json::Value, claims: &serde_json::Value) -> Assertion {
    let segment = |value: &serde_json::Value| base64url(value.to_string().as_bytes());
    let token = format!("{}.{}.{}", segment(header), segment(claims), base64url(&[0xA5; 64]));
    Assertion::new(Some(&token)).unwrap()
}

fn base64url(bytes: &[u8]) -> String {
    use base64::prelude::{BASE64_URL_SAFE_NO_PAD, Engine};
    BASE64_URL_SAFE_NO_PAD.encode(bytes)
}

/// All that an error shows to anybody.
#[allow(dead_code, reason = "not every test needs it")]
pub fn everything_shown_by(error: &Error) -> String {
    let body = match error {
        Error::Refused(refusal) => format!("{} {:?}", object(&refusal.body), refusal.body),
        _ => String::new(),
    };
    format!("{} {error:?} {} {body}", error.message(""), object(error))
}
