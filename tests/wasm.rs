//! What only a real host can show: streams, aborts, timers, and values that cross the boundary. Run by wasm-pack in Node and
//! in headless browsers.
#![cfg(target_family = "wasm")]

use anthropic_workload_identity::js::{TokenPolicy, WorkloadIdentity, api_headers, covers, fetch_scope};
use js_sys::{Array, Function, Object, Promise, Reflect};
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;
use wasm_bindgen_test::wasm_bindgen_test;

/// Options around a provider and a `fetch`, both given as bodies of JavaScript functions.
fn identity(provider: &str, fetch: &str) -> WorkloadIdentity {
    identity_with(provider, fetch, &[])
}

fn identity_with(provider: &str, fetch: &str, more: &[(&str, JsValue)]) -> WorkloadIdentity {
    WorkloadIdentity::new(&options(provider, fetch, more)).unwrap()
}

fn options(provider: &str, fetch: &str, more: &[(&str, JsValue)]) -> JsValue {
    let options = Object::new();
    let put = |name: &str, value: &JsValue| Reflect::set(&options, &name.into(), value).unwrap();
    put("identityTokenProvider", &Function::new_with_args("context", provider));
    put("fetch", &Function::new_with_args("url, init", fetch));
    put("federationRuleId", &"fdrl_01abc".into());
    put("organizationId", &"00000000-0000-4000-8000-000000000001".into());
    for (name, value) in more {
        put(name, value);
    }
    options.into()
}

async fn call(identity: &WorkloadIdentity) -> Result<JsValue, JsValue> {
    JsFuture::from(identity.call(JsValue::UNDEFINED, false)).await
}

/// Evaluates an expression over `x`.
fn eval(x: &JsValue, expression: &str) -> JsValue {
    let function = Function::new_with_args("x", &format!("return {expression}"));
    function.call1(&JsValue::UNDEFINED, x).unwrap()
}

fn text(x: &JsValue, expression: &str) -> String {
    eval(x, &format!("String({expression})")).as_string().unwrap()
}

const TOKEN: &str = "return 'h.p.s'";
const GRANTED: &str = r#"return Promise.resolve(new Response('{"access_token":"t","expires_in":60,"scope":"s"}'))"#;

#[wasm_bindgen_test]
async fn a_frozen_plain_object_comes_out() {
    let token = call(&identity(TOKEN, GRANTED)).await.unwrap();
    assert_eq!(text(&token, "JSON.stringify(Object.keys(x))"), r#"["token","expiresAt","scope"]"#);
    assert_eq!(text(&token, "[x.token, x.scope, Object.isFrozen(x), Number.isInteger(x.expiresAt)]"), "t,s,true,true");
    assert_eq!(text(&token, "Math.abs(x.expiresAt - Date.now() / 1000 - 60) < 5"), "true");
}

#[wasm_bindgen_test]
async fn the_request_is_what_fetch_takes() {
    let fetch = "return Promise.resolve(new Response(JSON.stringify({ access_token: btoa(JSON.stringify({
        url, method: init.method, redirect: init.redirect, credentials: init.credentials, body: JSON.parse(init.body),
        beta: new Request(url, { ...init, signal: null }).headers.get('anthropic-beta'), signal: init.signal instanceof AbortSignal,
    })), expires_in: 60 })))";
    let token = call(&identity(TOKEN, fetch)).await.unwrap();
    let sent = eval(&token, "JSON.parse(atob(x.token))");
    assert_eq!(text(&sent, "x.url"), "https://api.anthropic.com/v1/oauth/token");
    assert_eq!(text(&sent, "[x.method, x.redirect, x.credentials, x.signal]"), "POST,manual,omit,true");
    assert_eq!(text(&sent, "x.beta"), "oauth-2025-04-20,oidc-federation-2026-04-01");
    assert_eq!(text(&sent, "[x.body.assertion, Object.keys(x.body).length]"), "h.p.s,4");
}

#[wasm_bindgen_test]
async fn the_global_fetch_is_looked_up_at_every_call() {
    let options = options(TOKEN, GRANTED, &[("fetch", JsValue::NULL)]);
    let identity = WorkloadIdentity::new(&options).unwrap();
    let replaced =
        eval(&JsValue::NULL, "[globalThis.fetch, globalThis.fetch = async () => new Response('', { status: 418 })]");
    let error = call(&identity).await.unwrap_err();
    eval(&replaced, "globalThis.fetch = x[0]");
    assert_eq!(text(&error, "x.statusCode"), "418");
}

#[wasm_bindgen_test]
async fn a_body_may_come_in_any_pieces() {
    let fetch = r#"
        const bytes = new TextEncoder().encode('\uFEFF{"access_token":"t","expires_in":60,"scope":"é€😀"}');
        let at = 0;
        return Promise.resolve(new Response(new ReadableStream({ pull(controller) {
            if (at === bytes.length) return controller.close();
            controller.enqueue(bytes.slice(at, ++at));
        } })));"#;
    let token = call(&identity(TOKEN, fetch)).await.unwrap();
    assert_eq!(text(&token, "x.scope"), "é€😀");
}

#[wasm_bindgen_test]
async fn a_body_that_does_not_end_is_cut_at_one_mebibyte() {
    let fetch = "globalThis.pulled = 0; return Promise.resolve(new Response(new ReadableStream({ pull(controller) {
        globalThis.pulled++; controller.enqueue(new Uint8Array(65536).fill(32)) } })))";
    let error = call(&identity(TOKEN, fetch)).await.unwrap_err();
    assert_eq!(text(&error, "x.code"), "ERR_INVALID_TOKEN_RESPONSE");
    assert_eq!(text(&error, "globalThis.pulled <= 20"), "true");
}

#[wasm_bindgen_test]
async fn a_stream_that_breaks_is_a_network_error_with_its_cause() {
    let fetch = "globalThis.broken = new Error('cable cut'); return Promise.resolve(new Response(new ReadableStream({
        pull(controller) { controller.error(globalThis.broken) } })))";
    let error = call(&identity(TOKEN, fetch)).await.unwrap_err();
    assert_eq!(text(&error, "[x.code, x.retryable, x.cause === globalThis.broken]"), "ERR_NETWORK,true,true");
}

#[wasm_bindgen_test]
async fn every_wait_ends_at_the_deadline() {
    let never = "return new Promise(() => {})";
    let hung_body =
        "return Promise.resolve(new Response(new ReadableStream({ pull() { return new Promise(() => {}) } })))";
    for (provider, fetch, waited_for) in
        [(never, GRANTED, "provider"), (TOKEN, never, "endpoint answered"), (TOKEN, hung_body, "complete")]
    {
        let identity = identity_with(provider, fetch, &[("timeoutMs", 30.into())]);
        let error = call(&identity).await.unwrap_err();
        assert_eq!(text(&error, "[x.code, x.statusCode, x.retryable]"), "ERR_TIMEOUT,,true");
        assert!(text(&error, "x.message").contains(waited_for), "{}", text(&error, "x.message"));
    }
}

#[wasm_bindgen_test]
async fn the_deadline_aborts_what_is_under_way() {
    let provider = "globalThis.given = context.signal; return new Promise(() => {})";
    let identity = identity_with(provider, GRANTED, &[("timeoutMs", 30.into())]);
    let error = call(&identity).await.unwrap_err();
    assert_eq!(text(&error, "[globalThis.given.aborted, globalThis.given.reason === x]"), "true,true");
}

#[wasm_bindgen_test]
async fn a_caller_may_abort_at_any_time() {
    let request = eval(&JsValue::NULL, "(() => { const c = new AbortController(); return { c, signal: c.signal } })()");
    let identity = identity("return new Promise(() => {})", GRANTED);
    let pending = identity.call(request.clone(), false);
    eval(&request, "setTimeout(() => x.c.abort('enough'), 10)");
    let error = JsFuture::from(pending).await.unwrap_err();
    assert_eq!(text(&error, "[x.code, x.cause, x.retryable]"), "ERR_ABORTED,enough,false");
    let again = JsFuture::from(identity.call(request, false)).await.unwrap_err();
    assert_eq!(text(&again, "x.code"), "ERR_ABORTED");
}

#[wasm_bindgen_test]
async fn what_a_provider_throws_is_the_cause() {
    for provider in ["throw globalThis.thrown", "return Promise.reject(globalThis.thrown)"] {
        eval(&JsValue::NULL, "globalThis.thrown = Object.assign(new TypeError('no token today'), { status: 503 })");
        let error = call(&identity(provider, GRANTED)).await.unwrap_err();
        assert_eq!(text(&error, "[x.code, x.cause === globalThis.thrown]"), "ERR_IDENTITY_TOKEN_PROVIDER,true");
        assert!(text(&error, "x.message").contains("no token today"));
    }
}

#[wasm_bindgen_test]
async fn a_cause_that_shows_the_assertion_is_replaced() {
    for thrown in [
        "new Error(init.body)",
        "Object.assign(new Error('failed'), { request: { init } })",
        "new Error('failed', { cause: new Error(init.body) })",
        "Object.assign(new Error('failed'), { sent: new Map([['body', init.body]]) })",
        "init.body",
    ] {
        let token = "return 'header-header-header.claims-claims-claims.signature-signature'";
        let error = call(&identity(token, &format!("throw {thrown}"))).await.unwrap_err();
        let shown = "[x.message, x.stack, x.cause, x.cause.message, x.cause.stack, JSON.stringify(x.cause), Object.keys(x.cause)]";
        let shown = text(&error, &format!("JSON.stringify({shown}.map(String))"));
        assert!(!shown.contains("claims-claims-claims"), "{thrown}: {shown}");
        assert_eq!(text(&error, "[x.code, x.cause instanceof Error]"), "ERR_NETWORK,true");
    }
}

#[wasm_bindgen_test]
async fn thrown_values_are_errors_with_every_property() {
    let fetch = r#"return Promise.resolve(new Response('{"error":{"type":"rate_limit_error","message":"slow down"}}',
        { status: 429, headers: { 'request-id': 'req_1', 'retry-after': '7' } }))"#;
    let error = call(&identity(TOKEN, fetch)).await.unwrap_err();
    assert_eq!(text(&error, "[x instanceof Error, x.name]"), "true,WorkloadIdentityError");
    assert_eq!(
        text(&error, "JSON.stringify({ ...x, hint: typeof x.hint })"),
        r#"{"code":"ERR_EXCHANGE_REFUSED","statusCode":429,"requestId":"req_1","hint":"string","retryable":true,"retryAfter":7,"body":{"type":"rate_limit_error","message":"slow down"}}"#
    );
}

#[wasm_bindgen_test]
async fn a_retry_after_may_be_a_date() {
    let fetch = "return Promise.resolve(new Response('', { status: 503,
        headers: { 'retry-after': new Date(Date.now() + 30_000).toUTCString() } }))";
    let error = call(&identity(TOKEN, fetch)).await.unwrap_err();
    assert_eq!(text(&error, "x.retryAfter >= 27 && x.retryAfter <= 30"), "true");
}

#[wasm_bindgen_test]
async fn fetch_must_return_a_response() {
    for fetch in ["return null", "return 'ok'", "return {}", "return { status: 200, headers: null, body: 5 }"] {
        let error = call(&identity(TOKEN, fetch)).await.unwrap_err();
        let code = text(&error, "x.code");
        assert!(["ERR_NETWORK", "ERR_INVALID_TOKEN_RESPONSE"].contains(&code.as_str()), "{fetch}: {code}");
    }
}

#[wasm_bindgen_test]
async fn a_provider_must_return_a_string() {
    for provider in [
        "",
        "return null",
        "return 5",
        "return {}",
        "return Promise.resolve()",
        "return ['h.p.s']",
        "return { then: 5 }",
    ] {
        let error = call(&identity_with(provider, GRANTED, &[("timeoutMs", 2000.into())])).await.unwrap_err();
        assert_eq!(text(&error, "x.code"), "ERR_INVALID_IDENTITY_TOKEN", "{provider}");
    }
}

#[wasm_bindgen_test]
async fn what_throws_when_it_is_read_does_not_leave_a_call_pending() {
    let hostile = "new Proxy({}, { get() { throw new Error('hostile') } })";
    let throwing = "Object.defineProperty({ status: 200 }, 'headers', { get() { throw new Error('hostile') } })";
    for (provider, fetch) in [
        (format!("return {hostile}"), GRANTED.to_owned()),
        (format!("throw {hostile}"), GRANTED.to_owned()),
        (TOKEN.to_owned(), format!("return {hostile}")),
        (TOKEN.to_owned(), format!("throw {hostile}")),
        (TOKEN.to_owned(), format!("return {throwing}")),
    ] {
        let identity = identity_with(&provider, &fetch, &[("timeoutMs", 2000.into())]);
        let error = call(&identity).await.unwrap_err();
        assert_eq!(text(&error, "x.name"), "WorkloadIdentityError");
        assert_ne!(text(&error, "x.code"), "ERR_TIMEOUT");
    }
    let request = eval(&JsValue::NULL, &format!("({{ signal: {hostile} }})"));
    let error = JsFuture::from(identity(TOKEN, GRANTED).call(request, false)).await.unwrap_err();
    assert_eq!(text(&error, "x.code"), "ERR_INVALID_OPTIONS");
}

#[wasm_bindgen_test]
async fn no_handle_is_left_behind() {
    let refused = "return Promise.resolve(new Response('<html>', { status: 401, headers: { 'retry-after': 'soon' } }))";
    for (provider, fetch) in [
        (TOKEN, GRANTED),
        (TOKEN, refused),
        (TOKEN, "throw new Error('no network')"),
        (TOKEN, "return Promise.reject(new Error('no network'))"),
        ("throw new Error('no token')", GRANTED),
        ("return undefined", GRANTED),
        ("return new Promise(() => {})", GRANTED),
    ] {
        let identity = identity_with(provider, fetch, &[("timeoutMs", 5.into())]);
        let _ = call(&identity).await;
        let before = wasm_bindgen::externref_heap_live_count();
        for _ in 0..10 {
            let _ = call(&identity).await;
        }
        let left_behind = wasm_bindgen::externref_heap_live_count() as i64 - before as i64;
        // The closures of the last call are released by the host a moment later.
        assert!(left_behind < 10, "{provider}; {fetch}: {left_behind}");
    }
}

#[wasm_bindgen_test]
fn options_are_checked_by_the_constructor() {
    for (name, value, code) in [
        ("identityTokenProvider", "jwt".into(), "ERR_INVALID_OPTIONS"),
        ("identityTokenProvider", JsValue::NULL, "ERR_INVALID_OPTIONS"),
        ("fetch", 5.into(), "ERR_INVALID_OPTIONS"),
        ("federationRuleId", 5.into(), "ERR_INVALID_OPTIONS"),
        ("timeoutMs", f64::INFINITY.into(), "ERR_INVALID_OPTIONS"),
        ("baseURL", "not a url".into(), "ERR_INVALID_OPTIONS"),
        ("baseURL", "http://example.com".into(), "ERR_INSECURE_BASE_URL"),
        ("baseURL", web_sys::Url::new("ftp://example.com").unwrap().into(), "ERR_INSECURE_BASE_URL"),
    ] {
        let error = WorkloadIdentity::new(&options(TOKEN, GRANTED, &[(name, value)])).err().unwrap();
        assert_eq!(text(&error, "x.code"), code, "{name}");
    }
    assert!(WorkloadIdentity::new(&JsValue::UNDEFINED).is_err());
}

#[wasm_bindgen_test]
async fn many_calls_at_once_do_not_disturb_each_other() {
    let identity =
        identity("return new Promise((resolve) => setTimeout(resolve, Math.random() * 20, 'h.p.s'))", GRANTED);
    let calls: Array = (0..200).map(|_| identity.call(JsValue::UNDEFINED, false)).collect();
    let tokens = JsFuture::from(Promise::all(&calls)).await.unwrap();
    assert_eq!(text(&tokens, "x.length === 200 && x.every((token) => token.token === 't')"), "true");
}

#[wasm_bindgen_test]
async fn an_optional_call_sends_no_assertion_twice() {
    let identity = identity(TOKEN, GRANTED);
    let optional = || JsFuture::from(identity.call(JsValue::UNDEFINED, true));
    assert_eq!(text(&optional().await.unwrap(), "x.token"), "t");
    assert!(optional().await.unwrap().is_undefined());
    assert_eq!(text(&call(&identity).await.unwrap(), "x.token"), "t");
}

const SERVE: u32 = 0;
const SERVE_AND_REFRESH: u32 = 1;
const JOIN: u32 = 2;
const LEAD: u32 = 3;
const TIME_OUT: u32 = 4;

/// What a call at that second is told to do, forced or not: the kind, whether the provider is forced, the refresh.
fn step(policy: &mut TokenPolicy, force: u32, at: f64) -> (u32, bool, u32) {
    decoded(policy.step(force, 0, 0.0, at * 1000.0, at * 1000.0))
}

fn decoded(step: u32) -> (u32, bool, u32) {
    (step & 7, step & 8 != 0, step >> 4)
}

#[wasm_bindgen_test]
fn a_policy_takes_what_came_of_a_refresh() {
    let mut policy = TokenPolicy::new(&eval(&JsValue::NULL, "({ jitter: 0 })"), true, None).unwrap();
    assert_eq!(step(&mut policy, 0, 0.0), (LEAD, false, 1));
    assert_eq!(step(&mut policy, 0, 1.0), (JOIN, false, 1));
    let granted = eval(&JsValue::NULL, "({ token: { token: 't', expiresAt: 601 } })");
    assert_eq!(policy.settle(1, &granted, 1000.0, 1000.0), JsValue::TRUE);
    assert_eq!((step(&mut policy, 0, 2.0).0, step(&mut policy, 1, 2.0).0), (SERVE, SERVE));
    assert_eq!(step(&mut policy, 0, 500.0), (SERVE_AND_REFRESH, false, 2));
    let failed = eval(&JsValue::NULL, "({ error: { get retryAfter() { return 30 } } })");
    assert_eq!(policy.settle(2, &failed, 500_000.0, 500_000.0), JsValue::FALSE);
    assert_eq!(step(&mut policy, 0, 520.0).0, SERVE, "the server asked for 30 s");
    assert_eq!(step(&mut policy, 0, 531.0), (SERVE_AND_REFRESH, false, 3));
    assert!(!policy.invalidate(&"other".into()));
    assert!(policy.invalidate(&"t".into()));
    assert_eq!(step(&mut policy, 0, 532.0), (LEAD, true, 4));
}

#[wasm_bindgen_test]
fn a_policy_says_how_long_to_wait() {
    let mut policy = TokenPolicy::new(&eval(&JsValue::NULL, "({ timeoutMs: 700 })"), true, Some(5000.0)).unwrap();
    assert_eq!((policy.patience_ms(true), policy.patience_ms(false)), (700.0, 5500.0));
    step(&mut policy, 0, 0.0);
    assert_eq!(decoded(policy.step(0, 1, 700.0, 700.0, 700.0)), (LEAD, false, 2));
    assert_eq!(decoded(policy.step(0, 1, 700.0, 700.0, 700.0)), (JOIN, false, 2));
    assert_eq!(decoded(policy.step(0, 1, 5700.0, 701.0, 701.0)), (TIME_OUT, false, 0));
}

#[wasm_bindgen_test]
fn a_policy_refuses_what_is_no_token() {
    for outcome in
        ["{ token: null }", "{ token: { token: 't' } }", "{ token: { get token() { throw 1 }, expiresAt: 5 } }"]
    {
        let mut policy = TokenPolicy::new(&JsValue::UNDEFINED, true, None).unwrap();
        step(&mut policy, 0, 0.0);
        let problem = policy.settle(1, &eval(&JsValue::NULL, &format!("({outcome})")), 0.0, 0.0);
        assert_eq!(text(&problem, "x.code"), "ERR_INVALID_OPTIONS", "{outcome}");
        assert_eq!(step(&mut policy, 0, 0.0).0, LEAD, "{outcome}");
    }
}

#[wasm_bindgen_test]
fn an_api_request_is_told_its_headers() {
    assert!(covers(None, "https://api.anthropic.com/v1/messages"));
    assert!(!covers(Some("https://a.example/claude".into()), "https://a.example/v1/messages"));
    let headers = api_headers("t", "oauth-2025-04-20, x");
    let shown =
        text(&headers, "[x.authorization, x['anthropic-beta'], x['x-api-key'], x['anthropic-workspace-id'] === null]");
    assert_eq!(shown, "Bearer t,oauth-2025-04-20,x,,true");
}

#[wasm_bindgen_test]
fn arguments_of_the_cache_and_of_the_fetch_are_checked() {
    for options in ["{ jitter: 2 }", "{ timeoutMs: 0 }", "{ waitUntil: 5 }", "{ advisoryRefresh: '60' }"] {
        let error = TokenPolicy::new(&eval(&JsValue::NULL, &format!("({options})")), true, None).err().unwrap();
        assert_eq!(text(&error, "x.code"), "ERR_INVALID_OPTIONS", "{options}");
    }
    assert!(TokenPolicy::new(&JsValue::UNDEFINED, false, None).is_err());
    assert!(fetch_scope(false, &JsValue::UNDEFINED).is_err());
    assert_eq!(fetch_scope(true, &JsValue::UNDEFINED).unwrap(), None);
    let options = eval(&JsValue::NULL, "({ baseURL: new URL('https://a.example/claude/') })");
    assert_eq!(fetch_scope(true, &options).unwrap().as_deref(), Some("https://a.example/claude"));
}
