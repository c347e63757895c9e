//! `--delimiter` and `--null`: what stands between records that are nothing but bytes.

use crate::cli::failure::Failure;

use super::escapes::unescaped;

/// Returns what the two options say; `None` if they say nothing.
///
/// # Errors
///
/// Both are given, or an escape is none: exit 2.
pub(crate) fn delimiter(text: Option<&str>, null: bool) -> Result<Option<Vec<u8>>, Failure> {
    match (text, null) {
        (Some(_), true) => {
            Err(Failure::usage("Options --delimiter and --null cannot be specified together."))
        }
        (None, true) => Ok(Some(vec![0])),
        (None, false) => Ok(None),
        (Some(text), false) => unescaped(text)
            .map(Some)
            .map_err(|error| Failure::usage(format!("--delimiter is `{text}`: {error}"))),
    }
}
