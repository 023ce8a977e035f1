import Testing

@testable import YAML

@Suite struct SpliceTests {
    private func applied(_ splices: [Splice], to text: String) -> String? {
        Splice.apply(splices, to: Array(text.utf8)).map { String(decoding: $0, as: UTF8.self) }
    }

    @Test func `edits are made together, each at its place in the old text`() {
        let splices = [
            Splice(4..<5, with: "five"), .insertion(of: "<", at: 1), Splice(1..<3, with: ""),
            .insertion(of: ">", at: 1),
        ]
        #expect(applied(splices, to: "012345") == "0<>3five5")
    }

    @Test(arguments: [[Splice(0..<2, with: ""), Splice(1..<3, with: "")], [Splice(5..<9, with: "")]])
    func `edits that overlap or reach past the end are refused`(splices: [Splice]) {
        #expect(applied(splices, to: "012345") == nil)
    }
}
