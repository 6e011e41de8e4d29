//! A bounded map whose entries end by themselves.

use std::collections::{BTreeSet, HashMap};

use tokio::time::Instant;

use super::Hash;

/// Entries by their hash. What has ended is gone, looked at or not.
pub struct Expiring<T> {
    entries: HashMap<Hash, (Instant, T)>,
    /// The same, in the order of their ends.
    ends: BTreeSet<(Instant, Hash)>,
    capacity: usize,
}

/// As many entries live as there may be.
#[derive(Debug, PartialEq, Eq)]
pub struct Full;

impl<T> Expiring<T> {
    pub fn new(capacity: usize) -> Self {
        Self { entries: HashMap::new(), ends: BTreeSet::new(), capacity }
    }

    /// Puts an entry in the place of one with the same key.
    pub fn insert(&mut self, key: Hash, value: T, end: Instant) -> Result<(), Full> {
        if self.is_full() && !self.entries.contains_key(&key) {
            return Err(Full);
        }
        self.put(key, value, end);
        Ok(())
    }

    /// The same, full or not.
    pub fn put(&mut self, key: Hash, value: T, end: Instant) {
        self.remove(&key);
        self.entries.insert(key, (end, value));
        self.ends.insert((end, key));
    }

    /// An entry that has not ended.
    pub fn get_mut(&mut self, key: &Hash) -> Option<&mut T> {
        self.entries.get_mut(key).filter(|(end, _)| Instant::now() < *end).map(|(_, value)| value)
    }

    pub fn remove(&mut self, key: &Hash) -> Option<T> {
        let (end, value) = self.entries.remove(key)?;
        self.ends.remove(&(end, *key));
        Some(value)
    }

    /// Whether a new entry would be refused.
    pub fn is_full(&mut self) -> bool {
        self.forget_ended();
        self.entries.len() >= self.capacity
    }

    pub fn len(&self) -> usize {
        self.entries.len()
    }

    fn forget_ended(&mut self) {
        let now = Instant::now();
        while let Some((end, key)) = self.ends.first().copied().filter(|(end, _)| *end <= now) {
            self.ends.remove(&(end, key));
            self.entries.remove(&key);
        }
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    fn hash(byte: u8) -> Hash {
        [byte; 32]
    }

    #[tokio::test(start_paused = true)]
    async fn what_has_ended_makes_room_and_is_not_found() {
        let mut map = Expiring::new(2);
        let end = |seconds| Instant::now() + Duration::from_secs(seconds);
        assert_eq!(map.insert(hash(1), 'a', end(20)), Ok(()));
        assert_eq!(map.insert(hash(2), 'b', end(10)), Ok(()));
        assert_eq!(map.insert(hash(3), 'c', end(10)), Err(Full));
        tokio::time::advance(Duration::from_secs(10)).await;
        assert_eq!(map.get_mut(&hash(2)), None);
        assert_eq!(map.get_mut(&hash(1)), Some(&mut 'a'));
        assert_eq!(map.insert(hash(3), 'c', end(10)), Ok(()));
        assert_eq!(map.len(), 2);
    }

    #[tokio::test(start_paused = true)]
    async fn an_entry_that_is_put_again_ends_later() {
        let mut map = Expiring::new(1);
        for _ in 0..3 {
            assert_eq!(map.insert(hash(1), (), Instant::now() + Duration::from_secs(10)), Ok(()));
            tokio::time::advance(Duration::from_secs(6)).await;
        }
        assert!(map.get_mut(&hash(1)).is_some());
        assert_eq!(map.remove(&hash(1)), Some(()));
        assert_eq!((map.len(), map.ends.len()), (0, 0));
    }
}
