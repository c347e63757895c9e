//! Whether the caller may: permissions evaluated as soon as `meta` has said what they are, before
//! any file of a topic is opened.

use std::ffi::OsStr;
use std::path::PathBuf;

use crate::access::{Action, allows};
use crate::catalog::StreamAttributes;
use crate::fs::Directory;

use super::error::StoreError;
use super::layout::{STORE_DIR, TRASH, open_dir_if_any};
use super::stream::{Shared, Stream};

/// On such a directory only owners remove what is in it.
const STICKY: u32 = 0o1000;

impl Stream {
    /// Makes sure that the caller may do `action`. What was once allowed stays allowed for as long
    /// as the stream is open, as with an open file.
    ///
    /// # Errors
    /// `Denied`; `StreamGone`, or what keeps `meta` from being read.
    pub fn authorize(&self, action: Action) -> Result<(), StoreError> {
        self.shared().authorize(action)
    }
}

impl Shared {
    pub(super) fn authorize(&self, action: Action) -> Result<(), StoreError> {
        if self.was_granted(action) {
            return Ok(());
        }
        self.authorize_with(action, &self.attributes()?)
    }

    /// As `authorize`, with attributes that were read just now.
    pub(super) fn authorize_with(
        &self,
        action: Action,
        attributes: &StreamAttributes,
    ) -> Result<(), StoreError> {
        match allows(action, &attributes.permissions(), &self.context.caller) {
            Ok(()) => {
                self.grant(action);
                Ok(())
            }
            Err(denied) => Err(StoreError::Denied { stream: self.path.clone(), denied }),
        }
    }

    /// Makes sure that the caller may remove the stream's directory, which no expression decides:
    /// once a deletion is recorded it must not fail for want of a right.
    pub(super) fn authorize_removal(&self) -> Result<(), StoreError> {
        let refusal = |directory: PathBuf, sticky| StoreError::NotRemovable {
            stream: self.path.clone(),
            directory,
            sticky,
        };
        // A directory that goes to another parent is itself changed: its `..` is.
        for dir in [&self.parent, &self.dir] {
            if !dir.allows_changes()? {
                return Err(refusal(dir.path().to_path_buf(), false));
            }
        }
        let Some(root) = self.home.root()? else { return Ok(()) };
        // Nothing is made yet: whoever may change the directory that is there makes the rest.
        let mut trash = root;
        for name in [STORE_DIR, TRASH] {
            let Some(inside) = open_dir_if_any(trash.as_ref(), OsStr::new(name))? else { break };
            trash = inside;
        }
        if !trash.allows_changes()? {
            return Err(refusal(trash.path().to_path_buf(), false));
        }
        let around = self.parent.stat()?;
        let uid = self.context.caller.uid;
        let owns = uid == 0 || around.owner == uid || self.dir.stat()?.owner == uid;
        if around.mode & STICKY != 0 && !owns && self.home.disk().is_real() {
            return Err(refusal(self.parent.path().to_path_buf(), true));
        }
        Ok(())
    }
}

/// Whose a directory is, in words: the user's name if it has one.
pub(super) fn owner_of(dir: &dyn Directory, name: &OsStr, home: &super::Home) -> String {
    match dir.stat_entry(name) {
        Ok(stat) => match home.context().accounts.user_name(stat.owner) {
            Some(user) => format!("user `{user}`"),
            None => format!("user id {}", stat.owner),
        },
        Err(_) => "another user".to_owned(),
    }
}
