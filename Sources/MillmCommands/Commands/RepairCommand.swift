import ArgumentParser
import ProfileDirectory
import Profiles

/// `millm repair`
struct RepairCommand: MillmCommand {
    static let configuration = CommandConfiguration(
        commandName: "repair",
        abstract: "Finds what is broken in the directory, and mends it.",
        discussion: """
            Looks at the link 'active', at files with one id, and at what interrupted programs have left. Without \
            an option it only shows what is wrong and the ways out, each with a number that stays its own whatever \
            else changes; the first one of each loses least, and none of them loses a byte. Mistakes inside of \
            profiles are found by 'millm validate'.

            EXAMPLES:
              millm repair              show
              millm repair --yes        take the first way out of everything
              millm repair --take 417   take the way with this number

            EXIT CODES:
              0  nothing is broken (any more)
              1  something is
              2  the directory cannot be read or written
            """
    )

    @Flag(name: [.short, .long], help: "Take the first way out of everything.")
    var yes = false

    @Option(help: ArgumentHelp("Take the way with this number. May be repeated.", valueName: "number"))
    var take: [Int] = []

    @OptionGroup(title: "Global options")
    var global: GlobalOptions

    func run(in session: Session) async throws -> ExitCode {
        let repository = try session.workspace.repository
        let cases = Self.numbered(try await repository.damages())
        guard yes || !take.isEmpty else {
            try show(cases, in: session)
            return cases.isEmpty ? .success : .findings
        }
        let numbers = Set(cases.flatMap { $0.ways.map(\.number) })
        if let unknown = take.first(where: { !numbers.contains($0) }) {
            throw CommandFailure.usage(
                "There is no way with the number \(unknown). 'millm repair' shows those there are."
            )
        }
        var results: [JSONValue] = []
        for (damage, ways) in cases {
            guard let way = ways.first(where: { take.contains($0.number) }) ?? (yes ? ways.first : nil) else {
                continue
            }
            let deed = try await repository.mend(damage, by: way.remedy)
            results.append(["finding": damage.finding.json, "done": .string(deed)])
            if session.format != .json { try session.confirm(deed) }
        }
        if session.format == .json { try session.print(json: .array(results)) }
        let left = try await repository.damages()
        if !left.isEmpty { session.warn("Not everything is mended. 'millm repair' shows what is left.") }
        return left.isEmpty ? .success : .findings
    }

    private typealias Case = (damage: Damage, ways: [(number: Int, remedy: Remedy)])

    /// The ways out, each with a number of three digits made from what it does: whoever takes one that was shown takes
    /// that or none.
    private static func numbered(_ damages: [Damage]) -> [Case] {
        var taken: Set<Int> = []
        return damages.map { damage in
            let ways = damage.remedies.map { remedy in
                let text = "\(damage.finding.message) \(remedy.description)"
                let digest = ContentDigest(of: text.utf8).description.dropFirst("sha256:".count)
                var number = 100 + (Int(digest.prefix(8), radix: 16) ?? 0) % 900
                while !taken.insert(number).inserted { number += 1 }
                return (number: number, remedy: remedy)
            }
            return (damage, ways)
        }
    }

    private func show(_ cases: [Case], in session: Session) throws {
        if session.format == .json {
            return try session.print(
                json: .array(
                    cases.map { damage, ways in
                        let remedies = ways.map { way -> JSONValue in
                            ["number": .integer(way.number), "description": .string(way.remedy.description)]
                        }
                        return ["finding": damage.finding.json, "remedies": .array(remedies)]
                    }
                )
            )
        }
        guard !cases.isEmpty else { return try session.confirm("Nothing is broken.") }
        for (damage, ways) in cases {
            try session.print([damage.finding])
            for way in ways {
                try session.print("   \(session.style(.heading, "\(way.number).")) \(way.remedy.description)")
            }
            try session.print("")
        }
        try session.confirm("'millm repair --yes' takes the first way out of everything, --take NUMBER another one.")
    }
}
