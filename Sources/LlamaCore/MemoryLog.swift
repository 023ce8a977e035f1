import Profiles

/// What the context's memory holds: a log, to whose end the sequences' tokens are appended in turn.
///
/// Nothing is taken out of the middle. libllama would fill the gaps, a sequence's tokens would no longer lie in their
/// order, and attention, which sums in the order of the cells, would round differently: an answer would depend on
/// its neighbours. So ended sequences stay until the log is full, when the living ones are moved to its start.
///
/// Until then what ended sequences have left serves those that begin alike under the same steering. Steering changes
/// what is remembered of a token, so nothing is shared between different plans.
struct MemoryLog {
    private struct Remains {
        let tokens: [Int32]
        let plan: ContentDigest
    }

    /// How many tokens fit.
    let length: Int
    /// How many there are, those of ended sequences included.
    private(set) var used = 0
    private let sequences: Int
    private var free: Set<Int>
    private var ended: [Int: Remains] = [:]

    /// - Parameter sequences: How many sequences the memory tells apart.
    init(length: Int, sequences: Int) {
        self.length = length
        self.sequences = sequences
        free = Set(0..<sequences)
    }

    var hasFreeSequence: Bool { !free.isEmpty }

    /// Takes a sequence that holds nothing; nil if there is none.
    mutating func open() -> Int? {
        guard let first = free.min() else { return nil }
        free.remove(first)
        return first
    }

    /// Notes tokens at the log's end.
    mutating func append(_ count: Int) {
        used += count
    }

    /// Leaves a sequence for others that begin like it.
    mutating func end(_ sequence: Int, holding tokens: [Int32], plan: ContentDigest) {
        ended[sequence] = Remains(tokens: tokens, plan: plan)
    }

    /// Starts anew with the given sequences, which hold the given numbers of tokens.
    mutating func restart(holding living: [Int: Int] = [:]) {
        ended = [:]
        free = Set(0..<sequences).subtracting(living.keys)
        used = living.values.reduce(0, +)
    }

    /// The ended sequence with the longest common beginning; nil if none begins alike.
    ///
    /// - Parameter tokens: The last of them is never shared: it is computed for its logits.
    func beginning(of tokens: [Int32], under plan: ContentDigest) -> (sequence: Int, count: Int)? {
        let candidates = ended.filter { $0.value.plan == plan }
        let counts = candidates.map { ($0.key, Self.common($0.value.tokens, tokens)) }
        return counts.filter { $0.1 > 0 }.max { $0.1 < $1.1 }
    }

    /// The length of the common beginning, without the last of the wanted tokens.
    private static func common(_ held: [Int32], _ wanted: [Int32]) -> Int {
        zip(held, wanted.dropLast()).prefix { $0 == $1 }.count
    }
}
