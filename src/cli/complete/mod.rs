//! Completion: the programs themselves say how a command line may go on, for bash, zsh and fish.
//!
//! A shell asks `streamctl --complete bash LINE WORD`, or `--complete zsh|fish WORD…`, the last word
//! being the one at the cursor. `LINE` ends at the cursor; bash cuts words at `:` and `=` too and
//! replaces only `WORD`, so the line is cut again here and only what bash lacks is printed. The
//! answer is one candidate a line (for zsh and fish with a tab and its meaning), or `.` where the
//! shell's own directories are wanted; a candidate goes on behind `/`, `:` and `=`.

mod answer;
mod candidates;
mod command_line;
mod names;
mod position;
mod script;
mod values;

pub(crate) use answer::{answer, is_asked};
pub use script::{Shell, completion_script};
