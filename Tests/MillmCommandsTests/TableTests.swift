import Profiles
import Testing

@testable import MillmCommands

@Suite struct TableTests {
    private let table = Table(
        columns: [
            .init("ID", minimumWidth: 6), .init("NAME", minimumWidth: 4, dispensability: 1), .init("N", .trailing),
        ],
        rows: [
            [.init("a-rather-long-id"), .init("Short"), .init("1")],
            [.init("b"), .init("日本語の名前"), .init("12")],
        ]
    )

    @Test func `without a width nothing is cut and columns line up by display width`() {
        let text = table.rendered(width: nil, style: Style(isEnabled: false))
        #expect(
            text == """
                ID                NAME           N
                a-rather-long-id  Short          1
                b                 日本語の名前  12

                """
        )
    }

    @Test(arguments: [34, 28, 20, 12, 11])
    func `no line is wider than the terminal`(width: Int) {
        let lines = table.rendered(width: width, style: Style(isEnabled: false)).split(separator: "\n")
        #expect(lines.count == 3)
        #expect(lines.allSatisfy { String($0).displayWidth <= width })
    }

    @Test func `a dispensable column goes before others are cut below their minimum`() {
        let text = table.rendered(width: 12, style: Style(isEnabled: false))
        #expect(text.hasPrefix("ID         N\na-rathe…   1\n"))
    }

    @Test func `colour does not count as width`() {
        let plain = table.rendered(width: 20, style: Style(isEnabled: false))
        let coloured = table.rendered(width: 20, style: Style(isEnabled: true))
        #expect(coloured.contains("\u{1B}[1m"))
        #expect(coloured.replacing(/\u{1B}\[\d+m/, with: "") == plain)
    }

    @Test(arguments: [
        ("", 0), ("abc", 3), ("é", 1), ("e\u{301}", 1), ("日本", 4), ("한", 2), ("🙂", 2), ("👩‍👩‍👧", 2), ("❤️", 2), ("❤", 1),
        ("🇩🇪", 2), ("ｆ", 2), ("\u{200B}", 0),
    ])
    func `text has the width that a terminal gives it`(text: String, width: Int) {
        #expect(text.displayWidth == width)
    }

    @Test func `a wide character that does not fit is left out whole`() {
        #expect("日本語".truncated(toWidth: 4) == "日…")
        #expect("日本語".truncated(toWidth: 6) == "日本語")
        #expect("abc".truncated(toWidth: 0) == "")
    }
}
