//! `--select`: an expression of jq as a condition on values that are JSON.

use jaq_core::data::HasLut;
use jaq_core::load::{Arena, Error, File, Loader};
use jaq_core::native::{bome, run, v};
use jaq_core::{Compiler, Ctx, DataT, Filter, Lut, Vars};
use jaq_json::{Val, read};

/// Values nested deeper than this are not looked into: reading them would need too much stack.
const DEPTH_MAX: usize = 512;

/// What an expression says of a value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Verdict {
    /// The first result is neither false nor null.
    Yes,
    /// The first result is false or null, or there is none.
    No,
    /// The value is not JSON.
    NotJson,
    /// The expression failed on this value.
    Failed,
}

/// What expressions work on: JSON, and the clock of the program.
struct Kind;

impl DataT for Kind {
    type V<'a> = Val;
    type Data<'a> = Given<'a>;
}

/// What an expression is given besides the value.
#[derive(Clone)]
struct Given<'a> {
    lut: &'a Lut<Kind>,
    /// Milliseconds since 1970.
    now: i64,
}

impl<'a> HasLut<'a, Kind> for Given<'a> {
    fn lut(&self) -> &'a Lut<Kind> {
        self.lut
    }
}

/// A compiled expression.
pub(super) struct Select {
    filter: Filter<Kind>,
}

impl std::fmt::Debug for Select {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Select").finish_non_exhaustive()
    }
}

impl Select {
    /// Compiles an expression.
    ///
    /// # Errors
    ///
    /// A sentence that says what is wrong with it.
    pub(super) fn compile(expression: &str) -> Result<Self, String> {
        let wrong = |what: &str| format!("`{expression}` is not an expression of jq: {what}");
        let definitions = jaq_core::defs().chain(jaq_std::defs()).chain(jaq_json::defs());
        // The library's own `now` would ask the machine.
        let functions = jaq_std::funs().filter(|(name, ..)| *name != "now");
        let functions = jaq_core::funs().chain(functions).chain(jaq_json::funs());
        let now =
            run::<Kind>(("now", v(0), |cv| bome(Ok(Val::from(cv.0.data().now as f64 / 1000.0)))));
        let arena = Arena::default();
        let program = File { code: expression, path: () };
        let modules = Loader::new(definitions).load(&arena, program).map_err(|errors| {
            let first = errors.into_iter().next();
            wrong(&first.map_or_else(String::new, |(_, error)| fault(&error)))
        })?;
        let filter = Compiler::default().with_funs(functions.chain([now])).compile(modules);
        let filter = filter.map_err(|errors| {
            let first = errors.into_iter().flat_map(|(_, errors)| errors).next();
            wrong(&first.map_or_else(String::new, |(name, what)| {
                format!("there is no {} `{name}`", what.as_str())
            }))
        })?;
        Ok(Self { filter })
    }

    /// Decides about the value of a record; null is not JSON. `now` is what `now` is in the
    /// expression, in milliseconds since 1970.
    pub(super) fn verdict(&self, value: Option<&[u8]>, now: i64) -> Verdict {
        let Some(bytes) = value.filter(|bytes| is_shallow(bytes)) else { return Verdict::NotJson };
        let Ok(value) = read::parse_single(bytes) else { return Verdict::NotJson };
        let given = Given { lut: &self.filter.lut, now };
        let context = Ctx::<Kind>::new(given, Vars::new([]));
        match self.filter.id.run((context, value)).next() {
            None | Some(Ok(Val::Null | Val::Bool(false))) => Verdict::No,
            Some(Ok(_)) => Verdict::Yes,
            // An error, or `halt`, which ends nothing here.
            Some(Err(_)) => Verdict::Failed,
        }
    }
}

/// Says what the parser stumbled over.
fn fault(error: &Error<&str>) -> String {
    let found = |rest: &str| {
        let shown: String = rest.chars().take(20).collect();
        if shown.is_empty() { "its end".to_owned() } else { format!("`{shown}`") }
    };
    let first = match error {
        Error::Io(errors) => errors.first().map(|(_, error)| error.clone()),
        Error::Lex(errors) => errors.first().map(|(expected, rest)| {
            format!("expected {}, found {}", expected.as_str(), found(rest))
        }),
        Error::Parse(errors) => errors.first().map(|(expected, rest)| {
            format!("expected {}, found {}", expected.as_str(), found(rest))
        }),
    };
    first.unwrap_or_default()
}

/// True if no bracket of a JSON value is nested too deep. Almost always counting them is enough.
fn is_shallow(bytes: &[u8]) -> bool {
    if memchr::memchr2_iter(b'[', b'{', bytes).nth(DEPTH_MAX).is_none() {
        return true;
    }
    let (mut depth, mut in_string, mut escaped) = (0_usize, false, false);
    for byte in bytes {
        if in_string {
            in_string = escaped || *byte != b'"';
            escaped = !escaped && *byte == b'\\';
            continue;
        }
        match byte {
            b'"' => in_string = true,
            b'[' | b'{' => depth += 1,
            b']' | b'}' => depth = depth.saturating_sub(1),
            _ => {}
        }
        if depth > DEPTH_MAX {
            return false;
        }
    }
    true
}

#[cfg(test)]
mod tests {
    use super::{DEPTH_MAX, Select, Verdict, is_shallow};

    fn verdict(expression: &str, value: &str) -> Verdict {
        Select::compile(expression).unwrap().verdict(Some(value.as_bytes()), 5500)
    }

    #[test]
    fn an_expression_is_a_condition() {
        let record = r#"{"truck":17,"speed":80.5,"a":{"b":true},"c":"xyz","none":null}"#;
        for (expression, expected) in [
            (".truck == 17", Verdict::Yes),
            (".truck == 18", Verdict::No),
            (".speed > 80", Verdict::Yes),
            (".a.b and (.c | test(\"x\"))", Verdict::Yes),
            (".none", Verdict::No),
            (".nothing", Verdict::No),
            (".truck", Verdict::Yes),
            ("0", Verdict::Yes),
            ("empty", Verdict::No),
            ("false, true", Verdict::No),
            (".truck | test(\"x\")", Verdict::Failed),
            ("halt", Verdict::Failed),
            ("now == 5.5", Verdict::Yes),
            ("error(\"no\")", Verdict::Failed),
        ] {
            assert_eq!(verdict(expression, record), expected, "{expression}");
        }
    }

    #[test]
    fn what_is_not_json_is_told_apart() {
        let select = Select::compile(".").unwrap();
        for value in ["", "plain", "{\"a\":", "1 2", "\u{0}"] {
            assert_eq!(select.verdict(Some(value.as_bytes()), 5500), Verdict::NotJson, "{value:?}");
        }
        assert_eq!(select.verdict(Some(b"\xff"), 0), Verdict::NotJson);
        assert_eq!(select.verdict(None, 0), Verdict::NotJson);
    }

    #[test]
    fn nesting_has_a_limit_and_brackets_in_text_do_not_count() {
        let nested = |depth: usize| format!("{}{}", "[".repeat(depth), "]".repeat(depth));
        let select = Select::compile(".").unwrap();
        assert_eq!(select.verdict(Some(nested(DEPTH_MAX).as_bytes()), 0), Verdict::Yes);
        assert_eq!(select.verdict(Some(nested(DEPTH_MAX + 1).as_bytes()), 0), Verdict::NotJson);
        assert_eq!(select.verdict(Some(nested(1_000_000).as_bytes()), 0), Verdict::NotJson);
        assert!(is_shallow(format!("[\"{}\\\"[\"]", "[".repeat(2000)).as_bytes()));
        assert!(is_shallow(format!("[{}1]", "[],".repeat(2000)).as_bytes()));
    }

    #[test]
    fn what_is_wrong_with_an_expression_is_said() {
        for (expression, expected) in [
            (".a ==", "expected"),
            ("(.a", "expected closing parenthesis, found its end"),
            ("nonsense", "there is no filter `nonsense`"),
            ("$x", "there is no variable `$x`"),
            ("", "expected"),
        ] {
            let message = Select::compile(expression).unwrap_err();
            assert!(message.starts_with(&format!("`{expression}` is not an expression of jq: ")));
            assert!(message.contains(expected), "{message}");
        }
    }
}
