//! Why nothing is printed, from what is really stored: `--explain`, and the line after a silence.

mod reason;

use std::time::{Duration, Instant};

use crate::cli::failure::{Exit, Failure};
use crate::cli::place::Place;
use crate::cli::session::Session;
use crate::consume::Consumer;
use crate::group::Reset;
use crate::store::{CursorFilter, StoreError, Stream, Topic};

use super::arguments::Options;
use super::reading::Source;
use reason::{Begin, Facts, Part};

/// How long nothing may be printed before a terminal is told why.
const SILENCE: Duration = Duration::from_secs(2);
/// How many topics a silence is explained for, at most.
const TOPICS_TOLD: usize = 3;

/// What a silence is explained from.
#[derive(Debug)]
pub(super) struct Silence {
    /// Where reading began in each partition of each topic.
    began_at: Vec<(Topic, Vec<(u32, i64)>)>,
    ttl_ms: Option<i64>,
    began: Instant,
}

impl Silence {
    /// Begins to listen.
    pub(super) fn new(consumer: &Consumer, ttl_ms: Option<i64>) -> Self {
        let mut silence = Self { began_at: Vec::new(), ttl_ms, began: Instant::now() };
        silence.look_again(consumer);
        silence
    }

    /// Takes what is read now for what was read from the beginning: of a member's share nothing was
    /// printed, but it may be another one by now.
    pub(super) fn look_again(&mut self, consumer: &Consumer) {
        let began_at = &mut self.began_at;
        began_at.clear();
        for at in consumer.positions() {
            let topic = consumer.topic(at.topic);
            let is_it = |(other, _): &&mut (Topic, _)| other.object().id == topic.object().id;
            match began_at.iter_mut().find(is_it) {
                Some((_, places)) => places.push((at.partition, at.offset)),
                None => began_at.push((topic.clone(), vec![(at.partition, at.offset)])),
            }
        }
    }

    /// How long until it is time to explain.
    pub(super) fn left(&self) -> Duration {
        SILENCE.saturating_sub(self.began.elapsed())
    }

    /// Says why nothing was printed; `filtered` records were read and left out.
    ///
    /// # Errors
    ///
    /// The topic cannot be read.
    pub(super) fn reason(
        &self,
        options: &Options,
        filtered: u64,
        session: &Session,
    ) -> Result<String, StoreError> {
        let now = session.environment.clock.now().0;
        if let Some(group) = options.group.as_ref().filter(|_| self.began_at.is_empty()) {
            return Ok(format!(
                "every partition is read by another member of group {}; this one takes over when one \
                 is free",
                group.id
            ));
        }
        let mut reasons = Vec::new();
        for (topic, places) in self.began_at.iter().take(TOPICS_TOLD) {
            let mut parts = Vec::with_capacity(places.len());
            for (partition, from) in places {
                parts.push(part(topic, *partition, self.ttl_ms, now, |_, _| Ok(*from))?);
            }
            reasons.push(facts(options, topic, parts, filtered).reason());
        }
        let more = self.began_at.len().saturating_sub(TOPICS_TOLD);
        if more > 0 {
            reasons.push(format!("and {more} more topics"));
        }
        Ok(reasons.join("; "))
    }
}

/// Prints what there is to read, and what is in the way.
pub(super) fn run(options: &Options, session: &Session) -> Result<Exit, Failure> {
    let text = match look(options, session) {
        Ok(text) => text,
        // What keeps a reader out is the explanation.
        Err(failure) if matches!(failure.exit, Exit::NotFound | Exit::NotPermitted) => {
            let hint = failure.hint.as_deref().map(|hint| format!("; try: {hint}"));
            format!("{failure}{}", hint.unwrap_or_default())
        }
        Err(failure) => return Err(failure),
    };
    session.terminal.write(format!("{text}\n").as_bytes())?;
    Ok(Exit::Done)
}

fn look(options: &Options, session: &Session) -> Result<String, Failure> {
    let matching = match &options.source {
        Source::Named(destination) => {
            let (stream, topic) = destination.to_look(session)?;
            return look_at(options, &stream, &topic, session);
        }
        Source::Matching(matching) => matching,
    };
    let stream = matching.to_look(session)?;
    let mut lines = Vec::new();
    for object in stream.topics_to_read()? {
        if matching.pattern.matches(&object.name) {
            lines.push(look_at(options, &stream, &stream.listed_topic(&object)?, session)?);
        }
    }
    if lines.is_empty() {
        return Ok(format!("{}; try: {}", matching.no_topic(), matching.list_command()));
    }
    Ok(lines.join("\n"))
}

fn look_at(
    options: &Options,
    stream: &Stream,
    topic: &Topic,
    session: &Session,
) -> Result<String, Failure> {
    let ttl_ms = super::run::ttl_ms(stream)?;
    let cursors = match &options.group {
        Some(group) => cursors(stream, topic, &group.id)?,
        None => Vec::new(),
    };
    let at_time = |partition: u32, ms: i64| {
        let mut reader = topic.reader(partition)?;
        reader.seek_time(ms)?;
        Ok(reader.offset())
    };
    let start = |partition: u32, first: i64, end: i64| {
        if let Some(group) = &options.group {
            let cursor = cursors.iter().find(|(cursor, _)| *cursor == partition);
            return Ok(match (cursor, group.reset) {
                (Some((_, offset)), _) => *offset,
                (None, Reset::Earliest) => first,
                (None, Reset::Latest | Reset::None) => end,
                (None, Reset::Time(ms)) => return at_time(partition, ms),
            });
        }
        Ok(match options.from {
            Place::Beginning => first,
            Place::End => end,
            Place::Offset(offset) => offset.max(first),
            Place::BeforeEnd(count) => end.saturating_sub(count).max(first),
            Place::Time(time) => return at_time(partition, time.0),
        })
    };
    let partitions = match options.partition {
        Some(partition) if partition >= topic.partitions() => {
            let highest = topic.partitions() - 1;
            let text = format!("partition {partition} does not exist; the highest is {highest}");
            return Err(Failure::message(Exit::NotFound, text));
        }
        Some(partition) => partition..=partition,
        None => 0..=topic.partitions() - 1,
    };
    let now = session.environment.clock.now().0;
    let mut parts = Vec::new();
    for partition in partitions {
        let from = |first, end| start(partition, first, end);
        parts.push(part(topic, partition, ttl_ms, now, from)?);
    }
    Ok(facts(options, topic, parts, 0).reason())
}

fn cursors(stream: &Stream, topic: &Topic, group: &str) -> Result<Vec<(u32, i64)>, StoreError> {
    let filter = CursorFilter {
        group: Some(group.to_owned()),
        topic: Some(topic.object().id),
        partition: None,
    };
    let found = stream.cursors()?.list(&filter);
    Ok(found.into_iter().map(|(id, cursor)| (id.partition, cursor.offset)).collect())
}

/// Looks at a partition. `from` is told its first offset and its end.
fn part(
    topic: &Topic,
    partition: u32,
    ttl_ms: Option<i64>,
    now: i64,
    from: impl FnOnce(i64, i64) -> Result<i64, StoreError>,
) -> Result<Part, StoreError> {
    let summary = topic.partition_summary(partition)?;
    let (first, end, newest) = (summary.start_offset, summary.end_offset, summary.max_timestamp);
    let oldest = ttl_ms.map_or(i64::MIN, |ttl_ms| now.saturating_sub(ttl_ms));
    Ok(Part {
        partition,
        first,
        end,
        from: from(first, end)?,
        newest,
        // A record without a timestamp never expires.
        expired: newest.is_some_and(|newest| newest >= 0 && newest < oldest),
    })
}

fn facts(options: &Options, topic: &Topic, parts: Vec<Part>, filtered: u64) -> Facts {
    Facts {
        topic: format!("{}:{}", topic.stream_path(), topic.name()),
        stream: topic.stream_path().to_string(),
        group: options.group.as_ref().map(|group| group.id.clone()),
        begin: match options.from {
            Place::Beginning => Begin::Beginning,
            Place::End => Begin::Latest,
            Place::Time(time) => Begin::Time(time.0),
            Place::Offset(_) | Place::BeforeEnd(_) => Begin::Elsewhere,
        },
        has_filter: options.filters,
        partitions: topic.partitions(),
        parts,
        filtered,
    }
}
