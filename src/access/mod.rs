//! Who may do what: access control expressions, the permission matrix, file modes. Pure.

mod accounts;
mod denied;
mod error;
mod evaluate;
mod expression;
mod modes;
mod parse;
mod permission;
mod print;
mod who;

#[cfg(test)]
mod properties;

pub use accounts::Accounts;
pub use denied::{Denied, Missing};
pub use error::{ExpressionError, Fault};
pub use evaluate::{Caller, Group};
pub use expression::{Expression, LEVELS_MAX, NUMERIC_ID_MAX};
pub use modes::{DIRECTORY_BITS, DirectoryBit, MODES, Modes, Reach, SharedGroup, narrowest};
pub use permission::{Action, Permission, Permissions, Requirement, allows};
pub use who::who_has;
