//! A million random schedules of one cache: calls, completions, failures, losses, invalidations and clocks that jump, with
//! the invariants of `token_cache` checked after every step against a model that knows the true time.
#![cfg(not(target_family = "wasm"))]

use anthropic_workload_identity::access_token::UnixTime;
use anthropic_workload_identity::token_cache::{Now, Refresh, Settings, Step, TokenCache};

const SCHEDULES: u64 = 1_000_000;
const STEPS: u32 = 24;
/// Of the provider, in seconds.
const LIMIT: f64 = 30.0;

/// SplitMix64: the same schedules at every run.
struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let z = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        let z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }

    fn below(&mut self, end: u64) -> u64 {
        self.next() % end
    }

    fn unit(&mut self) -> f64 {
        (self.next() >> 11) as f64 / (1_u64 << 53) as f64
    }

    fn one_of<T: Copy>(&mut self, values: &[T]) -> T {
        values[self.below(values.len() as u64) as usize]
    }
}

#[derive(Clone)]
struct Token {
    name: String,
    minted: f64,
    expires: f64,
    by: Refresh,
    dropped: bool,
}

struct World {
    random: Random,
    cache: TokenCache,
    timeout: f64,
    /// True seconds.
    time: f64,
    /// What the wall clock shows beyond them.
    wall_offset: f64,
    /// For how long the steady clock has stood still.
    slept: f64,
    /// A schedule has a clock that is set back or a machine that sleeps: of both together nobody could tell the time.
    may_sleep: bool,
    /// Refreshes that were begun and not completed, with their beginning by the steady clock.
    open: Vec<(Refresh, f64)>,
    invalidated: Refresh,
    last: Refresh,
    minted: u32,
    kept: Option<Token>,
    log: Vec<String>,
}

impl World {
    fn new(seed: u64) -> Self {
        let mut random = Random(seed);
        let timeout = random.one_of(&[1.0, 5.0, 30.0]);
        let settings = Settings {
            advisory: random.one_of(&[None, None, Some(0.0), Some(60.0), Some(1e9)]),
            mandatory: random.one_of(&[None, None, Some(0.0), Some(10.0), Some(1e9)]),
            jitter: random.one_of(&[0.0, 0.25, 1.0]),
            timeout,
            limit: LIMIT,
        };
        let may_sleep = random.below(2) == 0;
        Self {
            cache: TokenCache::new(settings),
            random,
            timeout,
            time: 1_700_000_000.0,
            wall_offset: 0.0,
            slept: 0.0,
            may_sleep,
            open: Vec::new(),
            invalidated: Refresh(0),
            last: Refresh(0),
            minted: 0,
            kept: None,
            log: Vec::new(),
        }
    }

    fn now(&self) -> Now {
        Now { wall: UnixTime::from_millis((self.time + self.wall_offset) * 1000.0), steady: self.steady() }
    }

    fn steady(&self) -> f64 {
        self.time - 1_700_000_000.0 - self.slept
    }

    fn run(&mut self) {
        for _ in 0..STEPS {
            match self.random.below(16) {
                0..=5 => self.call(),
                6..=8 => self.complete(),
                9 => self.fail(),
                10 => self.invalidate(),
                11 => self.give_up(),
                12..=14 => self.wait(),
                _ => self.disturb_clocks(),
            }
        }
        self.recover();
    }

    fn call(&mut self) {
        let force = self.random.below(4) == 0;
        let step = self.cache.step(force, self.now());
        self.log.push(format!("call force={force}: {step:?}"));
        self.check(step, force);
    }

    fn check(&mut self, step: Step, force: bool) {
        if let Step::Serve | Step::ServeAndRefresh(_) = step {
            let kept = self.kept.as_ref().expect("a token is served that nobody brought");
            assert!(!kept.dropped, "an invalidated token is served");
            assert!(kept.expires > self.time, "a token is served {} s after its expiry", self.time - kept.expires);
            assert!(!force || self.time - kept.minted - self.slept < 5.0, "an old token answers a forced call");
        }
        match step {
            Step::Join(refresh) => {
                assert!(refresh > self.invalidated, "a refresh of an older generation is joined");
                let open = self.open.iter().find(|(open, _)| *open == refresh);
                let (_, since) = open.expect("a refresh is joined that has ended");
                assert!(self.steady() - since < self.timeout, "a lost refresh is joined");
            }
            Step::Lead(refresh) | Step::ServeAndRefresh(refresh) => {
                assert!(refresh > self.last, "a number is used twice");
                assert!(!self.any_live(), "two refreshes are live");
                self.last = refresh;
                self.open.push((refresh, self.steady()));
            }
            Step::Serve => {}
            Step::TimeOut => panic!("a caller is sent away at once"),
        }
    }

    fn any_live(&self) -> bool {
        let live = |(open, since): &(Refresh, f64)| *open > self.invalidated && self.steady() - since < self.timeout;
        self.open.iter().any(live)
    }

    fn pick(&mut self) -> Option<Refresh> {
        if self.open.is_empty() {
            return None;
        }
        let index = self.random.below(self.open.len() as u64) as usize;
        Some(self.open.remove(index).0)
    }

    fn complete(&mut self) {
        if let Some(refresh) = self.pick() {
            self.succeed(refresh);
        }
    }

    fn succeed(&mut self, refresh: Refresh) {
        let lifetime = self.random.one_of(&[1.0, 20.0, 60.0, 600.0, 3600.0]);
        self.minted += 1;
        let token = Token {
            name: self.minted.to_string(),
            minted: self.time - self.slept,
            expires: self.time + lifetime,
            by: refresh,
            dropped: false,
        };
        let expires_at = UnixTime::from_millis((token.expires + self.wall_offset) * 1000.0);
        let random = self.random.unit();
        let kept = self.cache.succeed(refresh, &token.name, Some(expires_at), self.now(), random);
        self.log.push(format!("{refresh:?} brings {} for {lifetime} s: kept={kept}", token.name));
        let newest =
            refresh > self.invalidated && self.kept.as_ref().is_none_or(|kept| kept.dropped || kept.by < refresh);
        assert_eq!(kept, newest, "an older result and a newer one");
        if kept {
            self.kept = Some(token);
        }
    }

    fn fail(&mut self) {
        if let Some(refresh) = self.pick() {
            let retry_after = self.random.one_of(&[None, Some(0.0), Some(100.0)]);
            self.cache.fail(refresh, retry_after, self.now());
            self.log.push(format!("{refresh:?} fails"));
        }
    }

    fn invalidate(&mut self) {
        let kept = self.kept.as_ref().filter(|kept| !kept.dropped).map(|kept| kept.name.clone());
        let rejected = match self.random.below(3) {
            0 => None,
            1 => Some("an older token".to_owned()),
            _ => kept.clone(),
        };
        let dropped = self.cache.invalidate(rejected.as_deref());
        self.log.push(format!("invalidate {rejected:?}: {dropped}"));
        assert_eq!(dropped, rejected.is_none() || rejected == kept, "only the kept token is dropped");
        if dropped {
            self.invalidated = self.last;
            if let Some(kept) = &mut self.kept {
                kept.dropped = true;
            }
        }
    }

    fn give_up(&mut self) {
        if let Some((lost, _)) = self.open.last().copied() {
            self.lose(lost);
            let waited = self.random.one_of(&[0.0, 1.0, 29.0, 61.0]);
            let step = self.cache.give_up(lost, false, waited, self.now());
            self.log.push(format!("give up {lost:?} after {waited} s: {step:?}"));
            let has_waited = waited >= self.timeout + LIMIT;
            assert!(!has_waited || !matches!(step, Step::Join(_)), "a caller waits on and on");
            if step == Step::TimeOut {
                assert!(has_waited, "a caller is sent away that has not waited for long");
                assert!(self.any_live(), "a caller is sent away that could lead");
            } else {
                self.check(step, false);
            }
        }
    }

    /// From now on nobody believes in it, though it may still bring a token.
    fn lose(&mut self, lost: Refresh) {
        let refresh = self.open.iter_mut().find(|(open, _)| *open == lost);
        refresh.expect("it is open").1 = f64::NEG_INFINITY;
    }

    fn wait(&mut self) {
        self.time += self.random.one_of(&[0.0, 0.1, 1.0, 4.9, 5.1, 12.0, 31.0, 100.0, 590.0, 3500.0]);
        self.log.push(format!("steady clock: {}", self.steady()));
    }

    fn disturb_clocks(&mut self) {
        let seconds = self.random.one_of(&[1.0, 10.0, 100.0, 1800.0, 7200.0]);
        if self.may_sleep {
            self.time += seconds;
            self.slept += seconds;
        } else {
            self.wall_offset += if self.random.below(2) == 0 { seconds } else { -seconds };
        }
        self.log.push(format!("clocks: slept={} offset={}", self.slept, self.wall_offset));
    }

    /// The faults are over: at most one patient wait for a lost refresh, and the next call has its token.
    fn recover(&mut self) {
        let mut step = self.cache.step(false, self.now());
        self.check(step, false);
        if let Step::Join(lost) = step {
            self.lose(lost);
            step = self.cache.give_up(lost, false, 0.0, self.now());
            self.check(step, false);
        }
        if let Step::Lead(refresh) = step {
            self.open.retain(|(open, _)| *open != refresh);
            self.succeed(refresh);
            assert!(self.kept.as_ref().is_some_and(|kept| kept.by == refresh), "the token of the leader is not kept");
            assert!(matches!(self.cache.step(false, self.now()), Step::Serve), "a fresh token is not served");
        } else {
            assert!(matches!(step, Step::Serve | Step::ServeAndRefresh(_)), "nobody may lead: {step:?}");
        }
    }
}

#[test]
fn a_million_schedules() {
    for seed in 0..SCHEDULES {
        let mut world = World::new(seed);
        let outcome = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| world.run()));
        if let Err(panic) = outcome {
            eprintln!("schedule {seed}:\n  {}", world.log.join("\n  "));
            std::panic::resume_unwind(panic);
        }
    }
}
