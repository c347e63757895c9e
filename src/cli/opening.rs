//! Opening the topic that a console program was told, and its stream: for writing or for reading.

use crate::access::Action;
use crate::catalog::StreamAttributes;
use crate::path::StreamPath;
use crate::store::{Home, StoreError, Stream, Topic};

use super::failure::Failure;
use super::session::Session;
use super::target::Destination;

impl Destination {
    /// Opens the topic for writing; it is created if its stream creates topics by itself.
    ///
    /// # Errors
    ///
    /// The stream is missing, or the topic, with autocreate off; the caller may not produce.
    pub(crate) fn to_write(&self, session: &Session) -> Result<(Stream, Topic), Failure> {
        let stream = self.stream(session)?;
        stream.authorize(Action::Produce)?;
        let topic = stream.topic_or_create(&self.target.topic)?;
        Ok((stream, topic))
    }

    /// Opens the topic for reading. In the stream that stands for a Kafka server it is made if it
    /// is missing, as that server would.
    ///
    /// # Errors
    ///
    /// The stream or the topic is missing; the caller may not consume.
    pub(crate) fn to_read(&self, session: &Session) -> Result<(Stream, Topic), Failure> {
        let stream = self.stream(session)?;
        stream.authorize(Action::Consume)?;
        let topic = match stream.topic(&self.target.topic) {
            Err(StoreError::TopicNotFound { .. }) if self.makes_stream => {
                stream.topic_or_create(&self.target.topic)?
            }
            outcome => outcome?,
        };
        Ok((stream, topic))
    }

    /// Opens the topic to look at it as a reader would find it; nothing is made.
    ///
    /// # Errors
    ///
    /// The stream or the topic is missing; the caller may not consume.
    pub(crate) fn to_look(&self, session: &Session) -> Result<(Stream, Topic), Failure> {
        let stream = session.home()?.stream(&self.target.stream)?;
        stream.authorize(Action::Consume)?;
        let topic = stream.topic(&self.target.topic)?;
        Ok((stream, topic))
    }

    fn stream(&self, session: &Session) -> Result<Stream, Failure> {
        open_stream(&self.target.stream, self.makes_stream, session)
    }
}

/// Opens a stream, which is made first if it is the one of plain names.
///
/// # Errors
///
/// The stream is missing.
pub(crate) fn open_stream(
    path: &StreamPath,
    makes_stream: bool,
    session: &Session,
) -> Result<Stream, Failure> {
    let home = session.home()?;
    match home.stream(path) {
        Err(StoreError::StreamNotFound { .. }) if makes_stream => {
            make_stream(path, &home)?;
            Ok(home.stream(path)?)
        }
        outcome => Ok(outcome?),
    }
}

fn make_stream(path: &StreamPath, home: &Home) -> Result<(), StoreError> {
    let attributes = StreamAttributes::created_by(&home.context().caller);
    match home.create_stream(path, &attributes) {
        // Another process was faster.
        Err(StoreError::StreamExists { .. }) => Ok(()),
        outcome => outcome,
    }
}
