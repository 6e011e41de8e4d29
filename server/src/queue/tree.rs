//! Requests that wait, in fair order over a tree of keys.
//!
//! Every node serves its children in rounds, one request a child and round: deficit round robin with
//! requests of one size, written as start-time fair queueing so that a child that comes back within a
//! round it was served in waits for the next one. Costs are logarithmic; nothing is remembered of a key
//! once its round is over. The table is bounded: a key that finds no room shares its parent's bucket.

use std::collections::{BTreeMap, BTreeSet, HashMap};

/// Microseconds of a clock that the caller chooses.
pub type Micros = u64;

/// A request, numbered by the caller; below 2³¹.
pub type Request = u32;

const ROOT: u32 = 0;
/// Marks an [`Order::child`] that is a request and no node.
const REQUEST: u32 = 1 << 31;
/// The key of the bucket for keys that found no room.
const SHARED: u64 = u64::MAX;
/// A key that asks seldom goes before keys that waited shorter than this since they were served.
const HEAD_START: Micros = 1_000_000;

/// Ranks are exact up to those who came within this time.
const STEP: Micros = 50_000;
/// Within a network so many are counted: more than are served within the deadline at 1000 a second, so that
/// no place beyond it is taken for an early one.
const COUNTED: usize = 8192;

#[derive(Clone, Copy, Debug, Default)]
struct Node {
    key: u64,
    parent: u32,
    /// The round its children are in.
    round: u32,
    /// The first round of the parent in which it may be served again.
    served: u32,
    /// Its place in the parent's order, while anything waits.
    at: (u32, Micros),
    /// Requests below it.
    waiting: u32,
    /// Children with requests.
    active: u32,
}

/// Something that waits, in the order of its parent.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Order {
    parent: u32,
    round: u32,
    since: Micros,
    child: u32,
}

/// Where a request waits.
#[derive(Clone, Copy, Debug)]
pub struct Place {
    leaf: u32,
    since: Micros,
    request: Request,
}

/// The tree. All methods are pure functions of their arguments.
pub struct Tree {
    nodes: Vec<Node>,
    free: Vec<u32>,
    index: HashMap<(u32, u64), u32>,
    order: BTreeSet<Order>,
    /// Nodes without requests that were served in their parent's present round: parent, `served`, node.
    idle: BTreeSet<(u32, u32, u32)>,
    /// How many keys of the first level wait, by round and time in steps of [`STEP`]: ranks without counting.
    ranks: BTreeMap<(u32, Micros), u32>,
    capacity: usize,
}

impl Tree {
    /// An empty tree of at most so many keys, all levels together. Keys that share their parent's bucket
    /// need one node more for each parent.
    pub fn new(capacity: usize) -> Self {
        Self {
            nodes: vec![Node::default()],
            free: Vec::new(),
            index: HashMap::new(),
            order: BTreeSet::new(),
            idle: BTreeSet::new(),
            ranks: BTreeMap::new(),
            capacity,
        }
    }

    /// How many requests wait.
    pub fn waiting(&self) -> usize {
        self.nodes[0].waiting as usize
    }

    /// How many keys of the first level have requests.
    pub fn active(&self) -> usize {
        self.nodes[0].active as usize
    }

    /// How many keys are in the table.
    pub fn keys(&self) -> usize {
        self.nodes.len() - 1 - self.free.len()
    }

    /// Adds a request under a path of keys, the widest first. `since` is when it first asked: of one key's
    /// requests, and of keys that were not served in this round, the oldest goes first.
    pub fn push(&mut self, path: &[u64], request: Request, since: Micros) -> Place {
        let leaf = self.leaf(path);
        self.insert(Order { parent: leaf, round: 0, since, child: REQUEST | request });
        let mut node = leaf;
        loop {
            self.nodes[node as usize].waiting += 1;
            if node == ROOT {
                return Place { leaf, since, request };
            }
            let Node { parent, served, waiting, .. } = self.nodes[node as usize];
            if waiting == 1 {
                self.idle.remove(&(parent, served, node));
                self.activate(node, since);
                self.nodes[parent as usize].active += 1;
            }
            node = parent;
        }
    }

    /// Takes the request whose turn it is.
    pub fn pop(&mut self, now: Micros) -> Option<Request> {
        let mut node = ROOT;
        let (request, place) = loop {
            let first = self.first(node)?;
            if first.child & REQUEST != 0 {
                let request = first.child & !REQUEST;
                break (request, Place { leaf: node, since: first.since, request });
            }
            self.nodes[node as usize].round = first.round;
            self.forget_round(node);
            node = first.child;
        };
        self.take(place, Some(now));
        Some(request)
    }

    /// Takes a request out that is not to be served, at no cost to its keys.
    pub fn remove(&mut self, place: Place) {
        self.take(place, None);
    }

    /// Takes a request out that is served by another order, at the cost of its keys' turns in this round.
    pub fn charge(&mut self, place: Place, now: Micros) {
        self.take(place, Some(now));
    }

    /// How many requests are served up to and including this one, if nothing else arrives: an estimate
    /// from above.
    pub fn turns(&self, place: Place) -> usize {
        let Place { leaf, since, request } = place;
        let at = Order { parent: leaf, round: 0, since, child: REQUEST | request };
        let mut visits = self.before(at) + 1;
        let mut node = leaf;
        while node != ROOT {
            let Node { parent, at: (round, since), .. } = self.nodes[node as usize];
            let above = &self.nodes[parent as usize];
            let ahead = match parent {
                ROOT => self.rank(round, since),
                _ => self.before(Order { parent, round, since, child: node }),
            };
            // Later visits: every child with requests comes between them.
            let turns = ahead + 1 + (visits - 1).saturating_mul(above.active as usize);
            visits = turns.min(above.waiting as usize).max(1);
            node = parent;
        }
        visits
    }

    fn before(&self, at: Order) -> usize {
        let first = Order { parent: at.parent, round: 0, since: 0, child: 0 };
        self.order.range(first..at).take(COUNTED).count()
    }

    fn rank(&self, round: u32, since: Micros) -> usize {
        let step = since / STEP;
        let before = self.ranks.range(..(round, step)).map(|(_, count)| *count as usize);
        let same = self.ranks.get(&(round, step)).map_or(0, |count| *count as usize - 1);
        before.sum::<usize>() + same
    }

    fn insert(&mut self, order: Order) {
        if self.order.insert(order) && order.parent == ROOT {
            *self.ranks.entry((order.round, order.since / STEP)).or_default() += 1;
        }
    }

    fn delete(&mut self, order: Order) {
        if self.order.remove(&order) && order.parent == ROOT {
            let step = (order.round, order.since / STEP);
            if let Some(count) = self.ranks.get_mut(&step) {
                *count -= 1;
                if *count == 0 {
                    self.ranks.remove(&step);
                }
            }
        }
    }

    /// The node of a path, made where it is missing and there is room.
    fn leaf(&mut self, path: &[u64]) -> u32 {
        let mut node = ROOT;
        for (depth, &key) in path.iter().enumerate() {
            if let Some(&known) = self.index.get(&(node, key)) {
                node = known;
                continue;
            }
            // Wide keys find room where narrow ones no longer do.
            let room = self.capacity - self.capacity / 8 * depth.min(4);
            if self.keys() >= room {
                return match self.index.get(&(node, SHARED)) {
                    Some(&shared) => shared,
                    None => self.make(node, SHARED),
                };
            }
            node = self.make(node, key);
        }
        node
    }

    fn make(&mut self, parent: u32, key: u64) -> u32 {
        let node = Node { key, parent, ..Node::default() };
        let number = match self.free.pop() {
            Some(number) => {
                self.nodes[number as usize] = node;
                number
            }
            None => {
                self.nodes.push(node);
                u32::try_from(self.nodes.len() - 1).unwrap_or(ROOT)
            }
        };
        self.index.insert((parent, key), number);
        number
    }

    fn first(&self, parent: u32) -> Option<Order> {
        let from = Order { parent, round: 0, since: 0, child: 0 };
        self.order.range(from..).next().copied().filter(|order| order.parent == parent)
    }

    fn activate(&mut self, node: u32, since: Micros) {
        let Node { parent, served, .. } = self.nodes[node as usize];
        let round = served.max(self.nodes[parent as usize].round);
        self.nodes[node as usize].at = (round, since);
        self.insert(Order { parent, round, since, child: node });
    }

    /// Takes a request out; with a time it costs every key of its path its turn.
    fn take(&mut self, place: Place, served: Option<Micros>) {
        let Place { leaf, since, request } = place;
        self.delete(Order { parent: leaf, round: 0, since, child: REQUEST | request });
        let mut node = leaf;
        loop {
            self.nodes[node as usize].waiting -= 1;
            let Node { parent, waiting, at, .. } = self.nodes[node as usize];
            if waiting == 0 {
                self.forget_children(node);
            }
            if node == ROOT {
                return;
            }
            if served.is_some() {
                let next = self.nodes[parent as usize].round + 1;
                let known = self.nodes[node as usize].served;
                self.nodes[node as usize].served = known.max(next);
            }
            if served.is_some() || waiting == 0 {
                self.delete(Order { parent, round: at.0, since: at.1, child: node });
            }
            if waiting == 0 {
                self.nodes[parent as usize].active -= 1;
                self.rest(node);
            } else if let Some(now) = served {
                self.activate(node, now + HEAD_START);
            }
            node = parent;
        }
    }

    /// A node without requests: remembered as long as its turn in this round counts.
    fn rest(&mut self, node: u32) {
        let Node { parent, served, .. } = self.nodes[node as usize];
        if served > self.nodes[parent as usize].round {
            self.idle.insert((parent, served, node));
        } else {
            self.free(node);
        }
    }

    /// The round has moved on: those served in former ones are as good as new.
    fn forget_round(&mut self, parent: u32) {
        let round = self.nodes[parent as usize].round;
        while let Some(&(of, served, node)) = self.idle.range((parent, 0, 0)..).next() {
            if of != parent || served > round {
                return;
            }
            self.idle.remove(&(of, served, node));
            self.free(node);
        }
    }

    /// No request waits below the node, so its state is dropped.
    fn forget_children(&mut self, parent: u32) {
        while let Some(&(of, served, node)) = self.idle.range((parent, 0, 0)..).next() {
            if of != parent {
                break;
            }
            self.idle.remove(&(of, served, node));
            self.free(node);
        }
        self.nodes[parent as usize].round = 0;
    }

    fn free(&mut self, node: u32) {
        let Node { key, parent, .. } = self.nodes[node as usize];
        self.index.remove(&(parent, key));
        self.free.push(node);
        if self.keys() == 0 {
            // After a crowd the memory goes back.
            self.nodes.truncate(1);
            self.nodes.shrink_to(1024);
            self.free = Vec::new();
            self.index.shrink_to(1024);
        }
    }
}
