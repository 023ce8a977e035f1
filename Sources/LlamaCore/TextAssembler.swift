import Steering

/// Makes text of tokens: cuts at no character, ends before a stop text, and holds back what may become one.
struct TextAssembler {
    /// What can be told to the client.
    struct Output: Hashable {
        var text = ""
        /// The tokens that start in the text.
        var tokens: [Generation.Token] = []
        /// Whether a stop text has appeared, behind `text`.
        var isStopped = false

        var isEmpty: Bool { text.isEmpty && tokens.isEmpty }
    }

    private let stops: [[UInt8]]
    /// Bytes that have not been told, and the tokens that start in them, with where.
    private var held: [UInt8] = []
    private var heldTokens: [(start: Int, token: Generation.Token)] = []

    /// - Parameter stops: Texts at whose first appearance the answer ends; none is empty.
    init(stops: [String]) {
        self.stops = stops.map { Array($0.utf8) }
    }

    /// Takes the next token.
    mutating func append(_ token: Generation.Token) -> Output {
        heldTokens.append((held.count, token))
        held += token.bytes
        if let stop = firstStop() {
            var output = release(Self.completeLength(of: held[..<stop]))
            output.isStopped = true
            held.removeAll()
            heldTokens.removeAll()
            return output
        }
        return release(Self.completeLength(of: held.dropLast(possibleStopLength())))
    }

    /// Takes the end of the answer: what was held back is told, but for a character whose rest never came.
    mutating func finish() -> Output {
        var output = release(Self.completeLength(of: held[...]))
        output.tokens += heldTokens.map(\.token)
        held.removeAll()
        heldTokens.removeAll()
        return output
    }

    private mutating func release(_ count: Int) -> Output {
        guard count > 0 else { return Output() }
        let released = heldTokens.prefix { $0.start < count }
        let output = Output(text: String(decoding: held[..<count], as: UTF8.self), tokens: released.map(\.token))
        held.removeFirst(count)
        heldTokens.removeFirst(released.count)
        for index in heldTokens.indices { heldTokens[index].start -= count }
        return output
    }

    /// Where the first stop text starts.
    private func firstStop() -> Int? {
        stops.compactMap { held.firstRange(of: $0)?.lowerBound }.min()
    }

    /// The length of the longest end of what is held that some stop text starts with.
    private func possibleStopLength() -> Int {
        stops.map { stop in
            let longest = min(stop.count - 1, held.count)
            return stride(from: longest, to: 0, by: -1).first { held.suffix($0).elementsEqual(stop.prefix($0)) } ?? 0
        }.max() ?? 0
    }

    /// The length without a character at the end whose rest may still come. Bytes that can never become a
    /// character count as complete; they show as U+FFFD.
    private static func completeLength(of bytes: ArraySlice<UInt8>) -> Int {
        for (back, byte) in bytes.suffix(3).reversed().enumerated() {
            let length =
                switch byte {
                case 0xC2...0xDF: 2
                case 0xE0...0xEF: 3
                case 0xF0...0xF4: 4
                case 0x80...0xBF: 0  // goes on: the start is further left
                default: 1
                }
            if length == 0 { continue }
            return length > back + 1 ? bytes.count - back - 1 : bytes.count
        }
        return bytes.count
    }
}
