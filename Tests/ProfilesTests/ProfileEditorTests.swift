import Profiles
import Testing

@Suite struct ProfileEditorTests {
    private func edited(_ text: String, _ changes: ProfileChanges) throws -> String {
        String(decoding: try ProfileEditor.apply(changes, to: Array(text.utf8), file: "p.yaml"), as: UTF8.self)
    }

    private static let commented = """
        # top
        version: 1
        name: Night   # the name
        layer: 15

        steering:   # features
          # the first
          316: 45.0     # strong
          88: -12.5   # weak
        # end

        """

    @Test(arguments: [
        (ProfileChanges(name: "Day"), "name: Night   #", "name: Day   #"),
        (ProfileChanges(name: "a: b"), "name: Night   #", "name: \"a: b\"   #"),
        (ProfileChanges(layer: .some(12)), "layer: 15", "layer: 12"),
        (ProfileChanges(layer: .some(nil)), "layer: 15\n", ""),
        (ProfileChanges(description: "dark"), "# the name\n", "# the name\ndescription: dark\n"),
        (ProfileChanges(model: "m", sae: "s"), "# the name\n", "# the name\nmodel: m\nsae: s\n"),
        (ProfileChanges(steering: [316: 45, 88: -13]), "-12.5", "-13.0"),
        (ProfileChanges(steering: [316: 45]), "  88: -12.5   # weak\n", ""),
        (ProfileChanges(steering: [88: -12.5]), "  316: 45.0     # strong\n", ""),
        (ProfileChanges(steering: [316: 45, 88: -12.5, 9: 1, 7: 2]), "# weak\n", "# weak\n  7: 2.0\n  9: 1.0\n"),
        (ProfileChanges(steering: [316: 45, 9: 1]), "  88: -12.5   # weak\n", "  9: 1.0\n"),
    ])
    func `a change touches its own bytes alone`(changes: ProfileChanges, old: String, new: String) throws {
        for lineBreak in ["\n", "\r\n"] {
            for mark in ["", "\u{FEFF}"] {
                func written(_ text: String) -> String { mark + text.replacing("\n", with: lineBreak) }
                let expected = Self.commented.replacing(old, with: new)
                #expect(try edited(written(Self.commented), changes) == written(expected))
            }
        }
    }

    @Test(
        arguments: [
            ("steering: {}\n", [5: 1], "steering:\n  5: 1.0\n"),
            ("steering: {} # none\n", [5: 1], "steering: # none\n  5: 1.0\n"),
            ("steering: {}", [5: 1, 6: 2], "steering:\n  5: 1.0\n  6: 2.0"),
            ("steering:\n  5: 1\n", [:], "steering: {}\n"),
            ("steering: # all\n  5: 1\n  6: 2", [:], "steering: {} # all"),
            ("steering:\n  5: 1\n  6: 2", [5: 1], "steering:\n  5: 1"),
            ("steering:\n  5: 1\n  6: 2", [6: 2, 7: 3], "steering:\n  6: 2\n  7: 3.0"),
            ("steering:\n  5: 1\n  6: 2", [5: 1, 7: 3], "steering:\n  5: 1\n  7: 3.0"),
            ("steering:\n  5: 1\n", [7: 3], "steering:\n  7: 3.0\n"),
            ("steering:\n    5: 1\n\n\n# end\n", [5: 1, 7: 3], "steering:\n    5: 1\n    7: 3.0\n\n\n# end\n"),
            ("steering: {5: 1, 6: 2}\n", [5: 1], "steering: {5: 1}\n"),
            ("steering: {5: 1, 6: 2}\n", [6: 2], "steering: {6: 2}\n"),
            ("steering: {5: 1, 6: 2,}\n", [5: 1, 7: 3], "steering: {5: 1, 7: 3.0,}\n"),
            ("steering: {5: 1, 6: 2}\n", [:], "steering: {}\n"),
            ("steering: {5: 1}\n", [7: 3], "steering: {7: 3.0}\n"),
            ("steering: {\n  5: 1, # five\n  6: 2 # six\n}\n", [5: 1], "steering: {\n  5: 1 # five\n}\n"),
            ("steering: {\n  5: 1,\n  6: 2\n}\n", [5: 1, 6: 2, 7: 3], "steering: {\n  5: 1,\n  6: 2,\n  7: 3.0\n}\n"),
            ("steering:\n  '5': 1\n", [5: 1, 7: 3], "steering:\n  '5': 1\n  '7': 3.0\n"),
            ("steering:\n  5: 1e0\n  6: 2\n", [5: 1, 6: 3], "steering:\n  5: 1e0\n  6: 3.0\n"),
        ] as [(String, [Int: Double], String)]
    )
    func `features are edited in the style of the file`(old: String, steering: [Int: Double], new: String) throws {
        let head = "version: 1\nname: x\n"
        #expect(try edited(head + old, ProfileChanges(steering: steering)) == head + new)
    }

    /// Braces over several lines: what they hold, the steering that is wanted, and what they hold then.
    @Test(
        arguments: [
            // A comment with a line to itself keeps it.
            (
                " {5: 1, 6: # c\n    2, # m\n  # own\n  7: 3\n}", [5: 1, 7: 3],
                " {5: 1,\n  # own\n  7: 3\n}"
            ),
            // Added entries come behind the comment of the last one.
            (" { # all\n  5: 1 # five\n}", [5: 1, 7: 3], " { # all\n  5: 1, # five\n  7: 3.0\n}"),
            (" {\n  5: 1, # five\n}", [5: 1, 7: 3, 8: 4], " {\n  5: 1, # five\n  7: 3.0,\n  8: 4.0,\n}"),
            (" {\n  5: 1 # five\n  , # more\n}", [5: 1, 7: 3], " {\n  5: 1, # five\n  7: 3.0\n  , # more\n}"),
            (" {5: 1, # five\n  6: 2}", [5: 1, 6: 2, 7: 3], " {5: 1, # five\n  6: 2,\n  7: 3.0}"),
            (" {5: 1 # five\n  }", [5: 1, 7: 3], " {5: 1, # five\n  7: 3.0\n  }"),
            (" {\n  5: 1\n  , 6: 2 # six\n}", [5: 1, 6: 2, 7: 3], " {\n  5: 1\n  , 6: 2, # six\n  7: 3.0\n}"),
            // Entries go with their comments, and take no others along.
            (
                " {\n  # own\n  5: 1, # five\n  # own 2\n  6: 2, # six\n  # end\n}", [5: 1],
                " {\n  # own\n  5: 1, # five\n  # own 2\n  # end\n}"
            ),
            (" {\n  5: 1, # five\n  6: 2 # six\n}", [6: 2], " {\n  6: 2 # six\n}"),
            (
                " {\n  5: 1, # five\n  6: 2, # six\n  7: 3 # seven\n}", [5: 1, 7: 3],
                " {\n  5: 1, # five\n  7: 3 # seven\n}"
            ),
            (" { # all\n  5: # about\n    1, # five\n  6: 2 }", [6: 2], " { # all\n  6: 2 }"),
            (" {5: 1, 6: 2, # two\n 7: 3}", [5: 1, 7: 3], " {5: 1,\n 7: 3}"),
            (" {5: 1, 6: 2, # two\n 7: 3}", [6: 2, 7: 3], " {6: 2, # two\n 7: 3}"),
            (" { 5: 1 # five\n  , 6: 2 # six\n  , 7: 3 }", [5: 1, 7: 3], " { 5: 1 # five\n  , 7: 3 }"),
            (" { 5: 1 # five\n  , 6: 2 # six\n}", [6: 2], " {\n  6: 2 # six\n}"),
            // All go at once.
            (" { # all\n  5: 1, # five\n  # own\n  6: 2 # six\n}", [:], " { # all\n  # own\n}"),
            (" { # all\n  5: 1, # five\n  # own\n  6: 2, # six\n}", [7: 3], " { # all\n  7: 3.0,\n  # own\n}"),
            (" {5: 1, # five\n  6: 2}", [7: 3], " {7: 3.0\n  }"),
            // Nothing was there but comments.
            (" { # none\n  }", [7: 3, 8: 4], " { # none\n    7: 3.0,\n    8: 4.0\n  }"),
            (" # none\n  {}", [7: 3], " # none\n  7: 3.0"),
            (" # none\n  {} # yet", [7: 3], " # none\n  # yet\n  7: 3.0"),
            (" # none\n  # yet\n  {}", [7: 3], " # none\n  # yet\n  7: 3.0"), ("\n  {}", [7: 3], "\n  7: 3.0"),
            // A question mark is part of its entry.
            (" {? 5 : 1, ? 6 : 2}", [6: 2], " {? 6 : 2}"), (" {? 5 : 1, ? 6 : 2}", [5: 1], " {? 5 : 1}"),
            (" {? 5 # five\n  : 1, 6: 2}", [5: 3, 6: 2], " {? 5 # five\n  : 3.0, 6: 2}"),
            (" {\n  ? 5 # five\n  : 1,\n  ? 6 : 2\n}", [6: 2, 7: 3], " {\n  ? 6 : 2,\n  7: 3.0\n}"),
            (" {? 5 : 1}", [7: 3], " {7: 3.0}"), ("\n  ? 5\n  : 1\n  ? 6\n  : 2", [6: 2], "\n  ? 6\n  : 2"),
        ] as [(String, [Int: Double], String)]
    )
    func `each comment in braces stays with its entry`(old: String, steering: [Int: Double], new: String) throws {
        let (head, tail) = ("version: 1\nname: x\nsteering:", "\nlayer: 3\n")
        for lineBreak in ["\n", "\r\n"] {
            func written(_ text: String) -> String { (head + text + tail).replacing("\n", with: lineBreak) }
            #expect(try edited(written(old), ProfileChanges(steering: steering)) == written(new))
        }
    }

    @Test(arguments: [
        (
            "{? version : 1, ? name : x, ? steering : {}}",
            "{? version : 1, ? name : x, description: new, ? steering : {}}"
        ),
        ("{version: 1, name: x, description, steering: {}}", "{version: 1, name: x, description: new, steering: {}}"),
        (
            "? version\n: 1\n? name\n: x\n? description # of it\n? steering\n: {}\n",
            "? version\n: 1\n? name\n: x\n? description # of it\n: new\n? steering\n: {}\n"
        ),
        (
            "version: 1\nname: x\n? description\n:\nsteering: {}\n",
            "version: 1\nname: x\n? description\n: new\nsteering: {}\n"
        ),
    ])
    func `a value is written where the key has none, not even a colon`(old: String, new: String) throws {
        #expect(try edited(old, ProfileChanges(description: "new")) == new)
    }

    @Test(
        arguments: [
            ("? steering\n: 5: 1 # five\n  6: 2\n", [6: 2], "? steering\n:\n  6: 2\n"),
            ("? steering\n: 5: 1\n  6: 2\n", [5: 1], "? steering\n: 5: 1\n"),
            ("? steering # s\n: {}\n", [5: 1], "? steering # s\n:\n    5: 1.0\n"),
            ("? steering\n: {}\t# s\n", [5: 1], "? steering\n: # s\n    5: 1.0\n"),
        ] as [(String, [Int: Double], String)]
    )
    func `features behind a question mark's colon are edited`(
        old: String,
        steering: [Int: Double],
        new: String
    ) throws {
        let head = "version: 1\nname: x\n"
        #expect(try edited(head + old, ProfileChanges(steering: steering)) == head + new)
    }

    @Test(arguments: [
        ("description: old", "new", "description: new"), ("description: 'old'", "it's", "description: 'it''s'"),
        ("description: \"old\"", "new", "description: \"new\""), ("description:", "new", "description: new"),
        ("description: ~ # none", "new", "description: new # none"),
        ("description: |\n    one\n    two", "one\nthree", "description: |-\n    one\n    three"),
        ("description: >-\n  one\n  two\n\n", "new\n", "description: |\n  new\n\n"),
        ("description: |2- # why\n    one\n    two", "one\n# two", "description: |- # why\n    one\n    # two"),
        ("description: >-\t# why\n  one", " new", "description: \" new\"\t# why"),
        ("description: old\n  text", "new", "description: new"), ("description: old", "a\nb", "description: \"a\\nb\""),
    ])
    func `text keeps its style where it can`(old: String, text: String, new: String) throws {
        let (head, tail) = ("version: 1\nname: x\n", "\nsteering: {}\n")
        #expect(try edited(head + old + tail, ProfileChanges(description: text)) == head + new + tail)
    }

    /// What stands between a description and the steering, and what is left of it without the SAE.
    @Test(arguments: [
        (" |-\n  a\nsae: s\n    # note\n", " |-\n  a\n# note\n"),
        (" |-\n  a\nsae: s\n    # note\n      # more\n  # less\n", " |-\n  a\n# note\n  # more\n  # less\n"),
        (" |-\n  a\nsae: s\n # note\n", " |-\n  a\n # note\n"),
        (" |-\n  a\nsae: s # its own\n\n    # note\n", " |-\n  a\n\n# note\n"),
        (" |-\n  a\n# own\nsae: s\n    # note\n", " |-\n  a\n# own\n    # note\n"),
        (" >2-\n    a\nsae: s\n   # note\n", " >2-\n    a\n# note\n"),
        (" |-\nsae: s\n # note\n", " |-\n# note\n"),
        (" |+\n  a\nsae: s\n\n\n# note\n", " |+\n  a\n# note\n"),
        (" |\n  a\nsae: s\n     \n# note\n", " |\n  a\n\n# note\n"),
        (" text\nsae: s\n    # note\n", " text\n    # note\n"),
    ])
    func `what stood behind an entry that goes does not become text of the block before it`(
        old: String,
        new: String
    ) throws {
        let (head, tail) = ("version: 1\nname: x\ndescription:", "steering: {}\n")
        for lineBreak in ["\n", "\r\n"] {
            func written(_ text: String) -> String { (head + text + tail).replacing("\n", with: lineBreak) }
            #expect(try edited(written(old), ProfileChanges(sae: .some(nil))) == written(new))
        }
    }

    @Test func `a new entry ends the comments' way into the block before it`() throws {
        let head = "version: 1\nname: x\nsteering: {}\ndescription: |-\n  a\n"
        let changes = ProfileChanges(sae: .some(nil), layer: .some(3))
        #expect(try edited(head + "sae: s\n    # note\n", changes) == head + "layer: 3\n    # note\n")
    }

    @Test(arguments: [
        (ProfileChanges(sae: "s"), " |\n  a", " |-\n  a\nsae: s"),
        (ProfileChanges(sae: "s"), " >2\n   a", " >-2\n   a\nsae: s"),
        (ProfileChanges(sae: "s"), " |-\n  a", " |-\n  a\nsae: s"),
        (ProfileChanges(sae: "s"), " |\n  a\n", " |\n  a\nsae: s\n"),
        (ProfileChanges(description: "b\n"), " |-\n  a", " |\n  b\n"),
        (ProfileChanges(description: "b"), " |\n  a", " |-\n  b"),
    ])
    func `a block at the end of a file without a line break can be edited`(
        changes: ProfileChanges,
        old: String,
        new: String
    ) throws {
        let head = "version: 1\nname: x\nsteering: {}\ndescription:"
        #expect(try edited(head + old, changes) == head + new)
    }

    @Test func `JSON stays JSON`() throws {
        let text = #"{"version":1,"name":"x","steering":{"5":1}}"#
        let changes = ProfileChanges(
            name: "no",
            description: "\"q\"\u{7}\u{1F600}".replacing("\u{7}", with: "\t"),
            steering: [5: 1, 7: 2]
        )
        #expect(
            try edited(text, changes)
                == #"{"version":1,"name":"no","description":"\"q\"\t😀","steering":{"5":1, "7":2.0}}"#
        )
    }

    @Test func `an export becomes a file of version 1`() throws {
        let text = #"{"version":"1.0","name":"x","model_id":"m","steering":{"5":1}}"#
        #expect(
            try edited(text, ProfileChanges(layer: .some(3)))
                == "version: 1\nname: x\nmodel: m\nlayer: 3\nsteering:\n  5: 1.0\n"
        )
    }

    @Test func `a change to what is there already costs no byte`() throws {
        let changes = ProfileChanges(name: "Night", layer: .some(15), steering: [316: 45, 88: -12.5])
        #expect(try edited(Self.commented, changes) == Self.commented)
    }

    @Test(arguments: [
        (ProfileChanges(name: ""), ProfileError.Code.invalidValue), (ProfileChanges(layer: .some(-1)), .invalidValue),
        (ProfileChanges(steering: [-1: 1]), .featureOutOfRange), (ProfileChanges(steering: [1: .nan]), .invalidValue),
        (ProfileChanges(model: .some("")), .invalidValue),
    ])
    func `a bad value is refused`(changes: ProfileChanges, code: ProfileError.Code) {
        let error = #expect(throws: ProfileError.self) { try edited(Self.commented, changes) }
        #expect(error?.code == code)
    }

    @Test func `an edit that would pass the limit of size is refused for that`() throws {
        let limit = 1 << 20
        let head = "version: 1\nname: x\nsteering: {}\n#"
        let full = head + String(repeating: "-", count: limit - head.utf8.count)
        #expect(try edited(full, ProfileChanges(name: "z")).utf8.count == limit)
        let error = #expect(throws: ProfileError.self) { try edited(full, ProfileChanges(name: "zz")) }
        #expect(error?.code == .invalidFormat)
        #expect(
            error?.message == "p.yaml would grow to 1048577 bytes; a profile has at most 1048576 (1 MiB). "
                + "Shorten it first, its comments for example."
        )
    }

    @Test func `an invalid file is not edited`() {
        let error = #expect(throws: ProfileError.self) { try edited("name: [", ProfileChanges(name: "x")) }
        #expect(error?.code == .invalidFormat)
        #expect(error?.diagnostics.isEmpty == false)
    }
}
