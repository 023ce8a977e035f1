import Profiles
import Testing

@Suite struct ProfileMigrationTests {
    private func migrated(_ text: String, to version: Int = 1) throws -> String? {
        try ProfileMigration.migrate(Array(text.utf8), to: version, file: "p.yaml")
            .map { String(decoding: $0, as: UTF8.self) }
    }

    /// Text of version 0, and the same of version 1.
    static let pairs: [(String, String)] = [
        ("name: x\nsteering: {}\n", "version: 1\nname: x\nsteering: {}\n"),
        ("name: x\nsteering: {}", "version: 1\nname: x\nsteering: {}"),
        (
            "# top\nname: x # n\nmodel_id:  m   # m\n\n'sae_id': 's'\n\"layer\": 3\nsteering:\n  5: 1 # f\n# end",
            "# top\nversion: 1\nname: x # n\nmodel:  m   # m\n\n'sae': 's'\n\"layer\": 3\nsteering:\n  5: 1 # f\n# end"
        ),
        (
            "# top\n\n# about the name\nname: x\nsteering: {}\n",
            "# top\nversion: 1\n\n# about the name\nname: x\nsteering: {}\n"
        ),
        ("# top\n\nname: x\nsteering: {}\n", "# top\n\nversion: 1\nname: x\nsteering: {}\n"),
        (
            "%YAML 1.2\n---\n\n# n\nname: x\nsteering: {}\n...\n",
            "%YAML 1.2\n---\nversion: 1\n\n# n\nname: x\nsteering: {}\n...\n"
        ),
        ("  name: x\n  steering:\n    5: 1\n", "  version: 1\n  name: x\n  steering:\n    5: 1\n"),
        (
            "name: x\ndescription: |+\n  one\n\nmodel_id: >-\n  m\nsteering: {}\n",
            "version: 1\nname: x\ndescription: |+\n  one\n\nmodel: >-\n  m\nsteering: {}\n"
        ),
        (
            "? name\n: x\n? model_id\n: m\n? steering\n: 5: 1\n",
            "version: 1\n? name\n: x\n? model\n: m\n? steering\n: 5: 1\n"
        ),
        ("{name: x, model_id: m, steering: {5: 1}}", "{version: 1, name: x, model: m, steering: {5: 1}}"),
        ("{ name: x, steering: {} }", "{ version: 1, name: x, steering: {} }"),
        (#"{"name":"x","sae_id":"s","steering":{}}"#, #"{"version":1,"name":"x","sae":"s","steering":{}}"#),
        (
            "{\n  \"name\": \"x\",\n  \"steering\": {}\n}\n",
            "{\n  \"version\": 1,\n  \"name\": \"x\",\n  \"steering\": {}\n}\n"
        ),
    ]

    @Test(arguments: pairs)
    func `a file moves up and down and every other byte stays`(old: String, new: String) throws {
        for lineBreak in ["\n", "\r\n", "\r"] {
            for mark in ["", "\u{FEFF}"] {
                func written(_ text: String) -> String { mark + text.replacing("\n", with: lineBreak) }
                #expect(try migrated(written(old)) == written(new))
                #expect(try migrated(written(new), to: 0) == written(old))
                #expect(try migrated(written(new)) == nil)
                #expect(try migrated(written(old), to: 0) == nil)
            }
        }
    }

    @Test(arguments: [
        ("id: 5\nname: x\nsteering: {}\n", "version: 1\nname: x\nsteering: {}\n"),
        (
            "name: x\nid: 5 # the row\nis_active: true\nsteering: {}\ncreated_at: [a, # b\n  c]  # when\nupdated_at: y",
            "version: 1\nname: x\n# the row\nsteering: {}\n# b\n# when\n"
        ),
        ("name: x\nsteering: {5: 1}\nid:\n  a: 1\n  # in\n  b: 2", "version: 1\nname: x\nsteering: {5: 1}\n# in\n"),
        ("{\n  id: 5, # row\n  name: x, steering: {}\n}", "{\n  version: 1,\n  # row\n  name: x, steering: {}\n}"),
        ("{name: A, created_at: # c\n 1, steering: {}}", "{version: 1, name: A, # c\nsteering: {}}"),
        (
            "{name: A, created_at: [1,\t# c\n    # d\n 1], steering: {}}",
            "{version: 1, name: A,\t# c\n    # d\nsteering: {}}"
        ),
        (
            "name: A\nid: | # why: ticket 12\n  7\nsteering: {}\n",
            "version: 1\nname: A\n# why: ticket 12\nsteering: {}\n"
        ),
        (
            "name: A\ndescription: |-\n  b\nid: 7\n    # note\nsteering: {}\n",
            "version: 1\nname: A\ndescription: |-\n  b\n# note\nsteering: {}\n"
        ),
        (
            "name: A\nid:\n- >2-\t#why\n    # text\n- |\n  # text\n- | # empty\nsteering: {}\n",
            "version: 1\nname: A\n#why\n# empty\nsteering: {}\n"
        ),
        (#"{"id":5,"name":"x","steering":{},"is_active":false}"#, #"{"version":1,"name":"x","steering":{}}"#),
    ])
    func `what version 1 has no place for goes, but not its comments`(old: String, new: String) throws {
        let result = try #require(try migrated(old))
        #expect(result == new || result + "\n" == new)
    }

    /// What stands before a version that has become a comment.
    private static let mark = "# taken out by millm migrate: "

    /// Text of version 1 whose version does not stand where a new one would, or has a comment; and of version 0.
    @Test(arguments: [
        ("version: 1 # one\nname: x\nsteering: {}\n", "\(mark)version: 1 # one\nname: x\nsteering: {}\n"),
        ("name: x\nsteering: {}\nversion: 1", "name: x\nsteering: {}\n\(mark)version: 1"),
        (
            "name: x\n  # over it\n'version' :  1  # one\n\nmodel: m\nsteering: {}\n",
            "name: x\n  # over it\n\(mark)'version' :  1  # one\n\nmodel_id: m\nsteering: {}\n"
        ),
        ("# top\nname: x\n\nversion: 1\nsteering: {}\n", "# top\nname: x\n\n\(mark)version: 1\nsteering: {}\n"),
        (
            "name: x\ndescription: |+\n  a\nversion: 1\n\nsteering: {}\n",
            "name: x\ndescription: |+\n  a\n\(mark)version: 1\n\nsteering: {}\n"
        ),
        (
            "{ # top\n  version: 1, # one\n  name: x, steering: {}}",
            "{ # top\n  \(mark)version: 1, # one\n  name: x, steering: {}}"
        ),
        ("{\n  name: x,\n  version: 1\n  ,steering: {}}", nil),
        ("{\n  name: x, steering: {},\n  version: 1\n}", "{\n  name: x, steering: {},\n  \(mark)version: 1\n}"),
    ])
    func `a version comes back to where it was, with its comment`(new: String, old: String?) throws {
        for lineBreak in ["\n", "\r\n"] {
            func written(_ text: String) -> String { "\u{FEFF}" + text.replacing("\n", with: lineBreak) }
            let lower = try #require(try migrated(written(new), to: 0))
            guard let old else { continue }
            #expect(lower == written(old))
            #expect(try migrated(lower) == written(new))
        }
    }

    @Test(arguments: [
        ("{name: x, steering: {}, version: 1}", "{name: x, steering: {}}"),
        ("? version\n: 1 # one\n? name\n: x\nsteering: {}\n", "# one\n? name\n: x\nsteering: {}\n"),
        (#"{"name":"x","version":1,"steering":{}}"#, #"{"name":"x","steering":{}}"#),
        (
            "{\n  \"name\": \"x\",\n  \"version\": 1,\n  \"steering\": {}\n}",
            "{\n  \"name\": \"x\",\n  \"steering\": {}\n}"
        ),
    ])
    func `where no comment can stand for a version, it goes, and only its own comment stays`(
        new: String,
        old: String
    ) throws {
        #expect(try migrated(new, to: 0) == old)
    }

    @Test(arguments: [
        (
            "# version: 1 was too strong\nname: x\nsteering: {}\n",
            "# version: 1 was too strong\nversion: 1\nname: x\nsteering: {}\n"
        ),
        (
            "name: x\ndescription: |-\n  # version: 1\nsteering: {}\n",
            "version: 1\nname: x\ndescription: |-\n  # version: 1\nsteering: {}\n"
        ),
        ("name: x # version: 1\nsteering: {}\n", "version: 1\nname: x # version: 1\nsteering: {}\n"),
        ("# version: 1\nname: x\nsteering: {}\n", "# version: 1\nversion: 1\nname: x\nsteering: {}\n"),
        ("name: x\n# version: 1\nsteering: {}\n", "version: 1\nname: x\n# version: 1\nsteering: {}\n"),
        ("{\n  # version: 1,\n  name: x, steering: {}}", "{\n  # version: 1,\n  version: 1,\n  name: x, steering: {}}"),
    ])
    func `a comment that only speaks of a version stays one, up and down`(old: String, new: String) throws {
        #expect(try migrated(old) == new)
        #expect(try migrated(new, to: 0) == old)
    }

    @Test func `comments behind a profile in an envelope move with it`() throws {
        let old =
            "version: \"1.0\"\ntype: millm_profile\nprofile:\n    name: x\n    description: |-\n      a\n    sae: s\n"
            + "    # last\n\n      # deeper\n  # less\n# outer\nexported_at: a\n# end\n"
        let new = "version: 1\nname: x\ndescription: |-\n  a\nsae: s\n# last\n\n  # deeper\n# less\n# outer\n# end\n"
        let steering = "    steering: {}\n"
        let whole = old.replacing("    description", with: steering + "    description")
        #expect(try migrated(whole) == new.replacing("description", with: "steering: {}\ndescription"))
    }

    @Test(arguments: [
        (
            #"{"version":"1.0","name":"x","model_id":"m","sae_id":null,"steering":{"5":1},"created_at":"a"}"#,
            #"{"version":1,"name":"x","model":"m","sae":null,"steering":{"5":1}}"#
        ),
        (
            "version: \"1.0\" # miLLM\nname: x\nmodel_id: m\nsteering: {}\nupdated_at: a # when\n",
            "version: 1 # miLLM\nname: x\nmodel: m\nsteering: {}\n# when\n"
        ),
        (
            #"{"version":"1.0","type":"millm_profile","profile":{"name":"x","steering":{"5":1}},"exported_at":"a"}"#,
            #"{"version":1,"name":"x","steering":{"5":1}}"#
        ),
        (
            """
            {
              "version": "1.0",
              "type": "millm_profile",
              "profile": {
                "name": "x",
                "model": "m",
                "steering": {
                  "5": 1
                }
              },
              "exported_from": "here"
            }

            """,
            """
            {
              "version": 1,
              "name": "x",
              "model": "m",
              "steering": {
                "5": 1
              }
            }

            """
        ),
        (
            """
            # top
            version: "1.0"
            type: millm_profile # kind
            profile: # inside
              # the name
              name: x
              description: |
                one
                  two
              steering:
                5: 1 # five
            exported_at: a
            # end
            """,
            """
            # top
            # kind
            # inside
            # the name
            version: 1
            name: x
            description: |
              one
                two
            steering:
              5: 1 # five
            # end
            """
        ),
        (
            "version: '1.0'\ntype: millm_profile\nprofile: {name: x, # n\n  steering: {}}\n",
            "{version: 1, name: x, # n\n  steering: {}}\n"
        ),
    ])
    func `an export of miLLM's becomes a file of version 1`(old: String, new: String) throws {
        #expect(try migrated(old) == new)
    }

    @Test func `an export can become a file of version 0, too`() throws {
        let flat = #"{"version":"1.0","name":"x","model_id":"m","steering":{},"created_at":"a"}"#
        #expect(try migrated(flat, to: 0) == #"{"name":"x","model_id":"m","steering":{},"created_at":"a"}"#)
        let envelope = #"{"version":"1.0","type":"millm_profile","profile":{"name":"x","sae":"s","steering":{}}}"#
        #expect(try migrated(envelope, to: 0) == #"{"name":"x","sae_id":"s","steering":{}}"#)
    }

    @Test(arguments: Corpus.good)
    func `a good file moves to each version and back, and means the same`(file: Corpus.GoodFile) throws {
        let bytes = try file.bytes
        let upper = try ProfileMigration.migrate(bytes, to: 1, file: file.name) ?? bytes
        #expect(ProfileDecoder.decode(upper, file: file.name).profile?.isIdentical(to: file.profile) == true)
        let lower = try #require(try ProfileMigration.migrate(upper, to: 0, file: file.name))
        #expect(ProfileDecoder.decode(lower, file: file.name).profile?.isIdentical(to: file.profile) == true)
        let again = try #require(try ProfileMigration.migrate(lower, to: 1, file: file.name))
        #expect(try ProfileMigration.migrate(again, to: 0, file: file.name) == lower)
    }

    @Test(arguments: Corpus.good.filter { $0.name.hasPrefix("specification") })
    func `the usual layout comes back from version 0 as it was`(file: Corpus.GoodFile) throws {
        let bytes = try file.bytes
        let lower = try #require(try ProfileMigration.migrate(bytes, to: 0, file: file.name))
        #expect(try ProfileMigration.migrate(lower, to: 1, file: file.name) == bytes)
    }

    @Test func `a file that would pass the limit of size is refused for that`() throws {
        let limit = 1 << 20
        let head = "name: x\nsteering: {}\n#"
        let fitting = head + String(repeating: "-", count: limit - head.utf8.count - "version: 1\n".utf8.count)
        #expect(try migrated(fitting)?.utf8.count == limit)
        let error = #expect(throws: ProfileError.self) { try migrated(fitting + "-") }
        #expect(error?.code == .invalidFormat)
        #expect(
            error?.message == "p.yaml would grow to 1048577 bytes; a profile has at most 1048576 (1 MiB). "
                + "Shorten it first, its comments for example."
        )
    }

    @Test func `an invalid file and an unknown version are refused`() {
        let invalid = #expect(throws: ProfileError.self) { try migrated("name: [") }
        #expect(invalid?.code == .invalidFormat)
        #expect(invalid?.diagnostics.isEmpty == false)
        let unknown = #expect(throws: ProfileError.self) { try migrated("name: x\nsteering: {}\n", to: 2) }
        #expect(unknown?.code == .invalidValue)
        #expect(unknown?.message == "There is no version 2 of the format; there are 0 and 1.")
    }
}
