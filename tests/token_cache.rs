//! The policy of the cache, one rule at a time.
#![cfg(not(target_family = "wasm"))]

use anthropic_workload_identity::access_token::UnixTime;
use anthropic_workload_identity::token_cache::{Now, Refresh, Settings, Step, TokenCache};

const SETTINGS: Settings = Settings { advisory: None, mandatory: None, jitter: 0.0, timeout: 30.0, limit: 30.0 };

/// Both clocks, that many seconds after the test began.
fn at(seconds: f64) -> Now {
    clocks(seconds, seconds)
}

fn clocks(wall: f64, steady: f64) -> Now {
    Now { wall: UnixTime::from_millis((1_700_000_000.0 + wall) * 1000.0), steady }
}

fn expiring(wall: f64) -> Option<UnixTime> {
    Some(at(wall).wall)
}

/// A cache that got its token at 0.
fn with_token(settings: Settings, lifetime: f64) -> TokenCache {
    let mut cache = TokenCache::new(settings);
    assert_eq!(cache.step(false, at(0.0)), Step::Lead(Refresh(1)));
    assert!(cache.succeed(Refresh(1), "t1", expiring(lifetime), at(0.0), 0.0));
    cache
}

#[test]
fn the_windows_scale_with_the_lifetime() {
    for (lifetime, advisory, mandatory) in
        [(3600.0, 120.0, 30.0), (600.0, 120.0, 30.0), (300.0, 60.0, 30.0), (60.0, 12.0, 6.0), (20.0, 4.0, 2.0)]
    {
        let mut cache = with_token(Settings { timeout: 1000.0, ..SETTINGS }, lifetime);
        assert_eq!(cache.step(false, at(lifetime - advisory - 1.0)), Step::Serve, "{lifetime}");
        assert_eq!(cache.step(false, at(lifetime - advisory)), Step::ServeAndRefresh(Refresh(2)), "{lifetime}");
        assert_eq!(cache.step(false, at(lifetime - mandatory - 1.0)), Step::Serve, "{lifetime}: one refresh is enough");
        assert_eq!(cache.step(false, at(lifetime - mandatory)), Step::Join(Refresh(2)), "{lifetime}");
    }
}

#[test]
fn windows_longer_than_the_lifetime_do_not_make_every_call_an_exchange() {
    let settings = Settings { advisory: Some(900.0), mandatory: Some(900.0), ..SETTINGS };
    let mut cache = with_token(settings, 60.0);
    assert_eq!(cache.step(false, at(29.0)), Step::Serve);
    assert_eq!(cache.step(false, at(30.0)), Step::Lead(Refresh(2)));
}

#[test]
fn jitter_moves_the_advisory_edge_only() {
    for (random, edge) in [(0.0, 120.0), (0.5, 97.5), (1.0, 75.0)] {
        let mut cache = TokenCache::new(Settings { jitter: 0.5, ..SETTINGS });
        cache.step(false, at(0.0));
        cache.succeed(Refresh(1), "t1", expiring(3600.0), at(0.0), random);
        assert_eq!(cache.step(false, at(3600.0 - edge - 1.0)), Step::Serve);
        assert_eq!(cache.step(false, at(3600.0 - edge + 0.5)), Step::ServeAndRefresh(Refresh(2)));
    }
}

#[test]
fn a_failing_minute_in_the_advisory_window_costs_thirteen_attempts() {
    let mut cache = with_token(SETTINGS, 3600.0);
    let mut attempts = 0;
    for tenth in 0..=600 {
        let now = at(3500.0 + f64::from(tenth) / 10.0);
        match cache.step(false, now) {
            Step::ServeAndRefresh(refresh) => {
                attempts += 1;
                cache.fail(refresh, None, now);
            }
            step => assert_eq!(step, Step::Serve),
        }
    }
    assert_eq!(attempts, 13);
}

#[test]
fn the_server_may_ask_for_a_longer_pause_but_not_beyond_the_mandatory_edge() {
    let mut cache = with_token(SETTINGS, 3600.0);
    let Step::ServeAndRefresh(refresh) = cache.step(false, at(3490.0)) else { panic!() };
    cache.fail(refresh, Some(600.0), at(3490.0));
    assert_eq!(cache.step(false, at(3560.0)), Step::Serve);
    assert_eq!(cache.step(false, at(3570.0)), Step::Lead(Refresh(3)));
}

#[test]
fn a_pause_ends_with_the_next_token() {
    let mut cache = with_token(SETTINGS, 3600.0);
    let Step::ServeAndRefresh(refresh) = cache.step(false, at(3490.0)) else { panic!() };
    cache.fail(refresh, Some(600.0), at(3490.0));
    assert_eq!(cache.step(false, at(3570.0)), Step::Lead(Refresh(3)));
    cache.succeed(Refresh(3), "t3", expiring(3630.0), at(3570.0), 0.0);
    assert_eq!(cache.step(false, at(3620.0)), Step::ServeAndRefresh(Refresh(4)));
}

#[test]
fn a_token_that_never_expires_is_kept() {
    let mut cache = TokenCache::new(SETTINGS);
    cache.step(false, at(0.0));
    cache.succeed(Refresh(1), "t1", None, at(0.0), 0.0);
    assert_eq!(cache.step(false, clocks(-1e9, 1e9)), Step::Serve);
    assert!(cache.invalidate(None));
    assert_eq!(cache.step(false, at(1.0)), Step::Lead(Refresh(2)));
}

#[test]
fn the_wall_clock_may_go_back_and_no_expired_token_is_served() {
    let mut cache = with_token(SETTINGS, 3600.0);
    // Two hours back and an hour later, by a machine that was awake, and by one whose steady clock has slept.
    assert!(matches!(cache.step(false, clocks(-3600.0, 3600.0)), Step::Lead(_)));
    let mut cache = with_token(SETTINGS, 3600.0);
    assert!(matches!(cache.step(false, clocks(-3600.0, 1.0)), Step::Lead(_)));
    // Half an hour back: only the steady clock can tell.
    let mut cache = with_token(SETTINGS, 3600.0);
    assert_eq!(cache.step(false, clocks(1600.0, 3400.0)), Step::Serve);
    assert!(matches!(cache.step(false, clocks(1800.0, 3600.0)), Step::Lead(_)));
}

#[test]
fn a_clock_that_is_corrected_by_a_second_is_no_reason_for_an_exchange() {
    let mut cache = with_token(SETTINGS, 3600.0);
    assert_eq!(cache.step(false, clocks(-1.0, 0.0)), Step::Serve);
}

#[test]
fn a_forced_call_is_answered_with_a_new_token_or_with_one_that_is_as_good_as_new() {
    let mut cache = with_token(SETTINGS, 3600.0);
    assert_eq!(cache.step(true, at(4.9)), Step::Serve);
    assert_eq!(cache.step(true, at(5.0)), Step::Lead(Refresh(2)));
    assert!(cache.forces());
    assert_eq!(cache.step(true, at(5.0)), Step::Join(Refresh(2)));
    assert_eq!(cache.step(false, at(5.0)), Step::Serve);
    assert!(cache.succeed(Refresh(2), "t2", expiring(3600.0), at(6.0), 0.0));
    assert!(!cache.forces());
    assert_eq!(cache.step(true, at(10.0)), Step::Serve);
}

#[test]
fn force_survives_a_failure_and_an_invalidation_during_a_refresh() {
    let mut cache = TokenCache::new(SETTINGS);
    assert!(cache.invalidate(None));
    cache.step(false, at(0.0));
    cache.fail(Refresh(1), None, at(0.0));
    assert!(cache.forces());
    cache.step(false, at(0.0));
    assert!(cache.invalidate(None));
    assert!(!cache.succeed(Refresh(2), "t2", expiring(3600.0), at(1.0), 0.0));
    assert!(cache.forces());
}

#[test]
fn an_invalidation_compares() {
    let mut cache = with_token(SETTINGS, 3600.0);
    assert!(!cache.invalidate(Some("t0")));
    assert_eq!(cache.step(false, at(1.0)), Step::Serve);
    assert!(cache.invalidate(Some("t1")));
    assert!(!cache.invalidate(Some("t1")), "late news");
    assert_eq!(cache.step(false, at(1.0)), Step::Lead(Refresh(2)));
}

#[test]
fn whoever_has_waited_for_two_is_sent_away_rather_than_to_a_third() {
    let mut cache = TokenCache::new(Settings { timeout: 10.0, ..SETTINGS });
    assert_eq!(cache.step(false, at(0.0)), Step::Lead(Refresh(1)));
    for (round, waited) in [10.0, 20.0, 30.0].into_iter().enumerate() {
        let (lost, next) = (Refresh(round as u32 + 1), Refresh(round as u32 + 2));
        assert_eq!(cache.give_up(lost, false, waited, at(waited)), Step::Lead(next));
        assert_eq!(cache.give_up(lost, false, waited, at(waited)), Step::Join(next), "after {waited} s");
    }
    assert_eq!(cache.give_up(Refresh(3), false, 39.99, at(39.99)), Step::TimeOut);
    assert_eq!(cache.give_up(Refresh(4), false, 40.0, at(40.0)), Step::Lead(Refresh(5)), "one may always lead");
}

#[test]
fn joiners_wait_for_the_timeout_and_leaders_for_the_provider() {
    let mut cache = TokenCache::new(Settings { timeout: 10.0, ..SETTINGS });
    let lead = cache.step(false, at(0.0));
    let join = cache.step(false, at(1.0));
    assert_eq!((cache.patience(lead), cache.patience(join)), (30.5, 10.0));
}

#[test]
fn a_leader_that_was_not_heard_of_is_replaced() {
    let mut cache = TokenCache::new(SETTINGS);
    assert_eq!(cache.step(false, at(0.0)), Step::Lead(Refresh(1)));
    assert_eq!(cache.step(false, at(29.9)), Step::Join(Refresh(1)));
    assert_eq!(cache.step(false, at(30.0)), Step::Lead(Refresh(2)));
    assert_eq!(cache.give_up(Refresh(1), false, 30.1, at(30.1)), Step::Join(Refresh(2)), "others have noticed before");
    assert_eq!(cache.give_up(Refresh(2), false, 30.2, at(30.2)), Step::Lead(Refresh(3)));
    // The first one was only slow.
    assert!(cache.succeed(Refresh(1), "t1", expiring(3600.0), at(31.0), 0.0));
    assert_eq!(cache.step(false, at(31.0)), Step::Serve);
    assert!(cache.succeed(Refresh(3), "t3", expiring(3600.0), at(32.0), 0.0));
    assert!(!cache.succeed(Refresh(2), "t2", expiring(3600.0), at(33.0), 0.0), "older than what is kept");
}
