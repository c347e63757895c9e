//! The five permissions as options: access control expressions, read where they are set.

use clap::Args;

use crate::access::{Expression, Permission};
use crate::catalog::StreamAttributes;

use crate::cli::failure::Failure;

/// The permissions of a stream. An expression that is given replaces the old one whole.
#[derive(Debug, Args)]
pub(super) struct Permissions {
    /// Say who may publish: u:USER, g:GROUP, p for everybody, with ! & | ( ) [default: u:<you>]
    #[arg(long, value_name = "ACE", allow_hyphen_values = true)]
    produceperm: Option<String>,

    /// Say who may read [default: u:<you>]
    #[arg(long, value_name = "ACE", allow_hyphen_values = true)]
    consumeperm: Option<String>,

    /// Say who may create and delete topics [default: u:<you>]
    #[arg(long, value_name = "ACE", allow_hyphen_values = true)]
    topicperm: Option<String>,

    /// Say who may copy the stream [default: u:<you>]
    #[arg(long, value_name = "ACE", allow_hyphen_values = true)]
    copyperm: Option<String>,

    /// Say who may edit the stream and its permissions [default: u:<you>]
    #[arg(long, value_name = "ACE", allow_hyphen_values = true)]
    adminperm: Option<String>,
}

impl Permissions {
    /// Puts the expressions that were given into `attributes`; the others stay.
    ///
    /// # Errors
    ///
    /// A text is no expression: exit 2, with the option, the word at fault and its place.
    pub(super) fn apply(&self, attributes: &mut StreamAttributes) -> Result<(), Failure> {
        for (permission, given, stored) in [
            (Permission::Produce, &self.produceperm, &mut attributes.produce_perm),
            (Permission::Consume, &self.consumeperm, &mut attributes.consume_perm),
            (Permission::Topic, &self.topicperm, &mut attributes.topic_perm),
            (Permission::Copy, &self.copyperm, &mut attributes.copy_perm),
            (Permission::Admin, &self.adminperm, &mut attributes.admin_perm),
        ] {
            if let Some(text) = given {
                *stored = compact(permission, text)?;
            }
        }
        Ok(())
    }
}

/// Reads an expression and returns it without blanks: as it is stored, and as a table shows it in
/// one word.
///
/// # Errors
///
/// The first fault of the text: exit 2.
pub(super) fn compact(permission: Permission, text: &str) -> Result<String, Failure> {
    match text.parse::<Expression>() {
        Ok(expression) => Ok(format!("{expression:#}")),
        Err(error) => Err(Failure::usage(format!("-{permission}: {error}"))),
    }
}

#[cfg(test)]
mod tests {
    use super::compact;
    use crate::access::Permission;
    use crate::cli::failure::Exit;

    #[test]
    fn an_expression_is_kept_in_one_word() {
        let kept = |text| compact(Permission::Consume, text).unwrap();
        assert_eq!(kept(" u:ann | ( g:qa & !u:bob )"), "u:ann|g:qa&!u:bob");
        assert_eq!((kept(""), kept(" p ")), (String::new(), "p".to_owned()));
    }

    #[test]
    fn a_fault_is_told_with_option_word_and_place() {
        let failure = compact(Permission::Topic, "u:ann | bob").unwrap_err();
        assert_eq!(failure.exit, Exit::Usage);
        let told = failure.to_string();
        assert!(
            told.starts_with("-topicperm: ") && told.contains("`bob` as character 9"),
            "{told}"
        );
        assert!(told.contains("write `u:bob`"), "{told}");
    }
}
