import Steering
import Testing

@testable import LlamaCore

@Suite struct `Text of tokens` {
    private func pieces(_ tokens: [[UInt8]], stops: [String] = []) -> (texts: [String], ids: [Int32], isStopped: Bool) {
        var assembler = TextAssembler(stops: stops)
        var texts: [String] = []
        var ids: [Int32] = []
        for (index, bytes) in tokens.enumerated() {
            let output = assembler.append(Generation.Token(id: Int32(index), bytes: bytes))
            if !output.text.isEmpty { texts.append(output.text) }
            ids += output.tokens.map(\.id)
            if output.isStopped { return (texts, ids, true) }
        }
        let rest = assembler.finish()
        if !rest.text.isEmpty { texts.append(rest.text) }
        return (texts, ids + rest.tokens.map(\.id), false)
    }

    @Test func `a character that several tokens make comes whole`() {
        let party = Array("🎉".utf8)
        let (texts, ids, _) = pieces([
            Array("a".utf8), Array(party[..<1]), Array(party[1..<3]), Array(party[3...]), [0x62],
        ])
        #expect(texts == ["a", "🎉", "b"])
        #expect(ids == [0, 1, 2, 3, 4])
    }

    @Test func `a character whose rest never comes is left out, its token not`() {
        let (texts, ids, _) = pieces([Array("né".utf8), [0xF0, 0x9F]])
        #expect(texts == ["né"])
        #expect(ids == [0, 1])
    }

    @Test func `bytes that can never be a character show as a replacement`() {
        #expect(pieces([[0x61, 0xFF], [0x62]]).texts == ["a\u{FFFD}", "b"])
        #expect(pieces([[0x80, 0x80, 0x80, 0x80], [0x62]]).texts.joined() == "\u{FFFD}\u{FFFD}\u{FFFD}\u{FFFD}b")
        #expect(pieces([[0xC3], [0x28]]).texts.joined() == "\u{FFFD}(")
    }

    @Test func `what may become a stop text is held back, and told when it does not`() {
        let tokens = ["one ", "<", "|", "x", " two"].map { Array($0.utf8) }
        let (texts, ids, isStopped) = pieces(tokens, stops: ["<|end|>"])
        #expect(texts == ["one ", "<|x", " two"])
        #expect(ids == [0, 1, 2, 3, 4])
        #expect(!isStopped)
    }

    @Test func `the answer ends before the first stop text`() {
        let tokens = ["a", "b<", "EN", "D>c"].map { Array($0.utf8) }
        let (texts, ids, isStopped) = pieces(tokens, stops: ["c", "<END>"])
        #expect(texts == ["a", "b"])
        #expect(ids == [0, 1])
        #expect(isStopped)
    }

    @Test func `a stop text may begin inside what looked like another`() {
        let tokens = ["a", "a", "b"].map { Array($0.utf8) }
        let (texts, _, isStopped) = pieces(tokens, stops: ["ab"])
        #expect(texts == ["a"])
        #expect(isStopped)
    }
}
