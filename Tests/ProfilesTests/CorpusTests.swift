import Profiles
import Testing
import YAML

@Suite struct CorpusTests {
    @Test func `every file of the corpus has an expectation`() throws {
        #expect(try Set(Corpus.bad.map(\.name)) == Corpus.names("bad"))
        #expect(try Set(Corpus.good.map(\.name)) == Corpus.names("good"))
        #expect(Corpus.bad.count >= 80)
        #expect(Corpus.good.count >= 40)
    }

    @Test(arguments: Corpus.bad)
    func `a bad file is refused with each finding in its place`(file: Corpus.BadFile) throws {
        let decoded = ProfileDecoder.decode(try file.bytes, file: file.name)
        let findings = decoded.diagnostics.map { diagnostic in
            let start = diagnostic.location.range?.start
            return "\(diagnostic.code.code)@\(start?.line ?? 0):\(start?.column ?? 0)"
        }
        #expect(findings == file.findings)
        #expect(decoded.profile == nil)
    }

    @Test(arguments: Corpus.good)
    func `a good file gives its profile`(file: Corpus.GoodFile) throws {
        let decoded = ProfileDecoder.decode(try file.bytes, file: file.name)
        #expect(decoded.diagnostics == [])
        #expect(decoded.profile == file.profile)
        #expect(decoded.format?.rawValue == file.format)
    }

    /// libyaml does not see plain comments at the start; those with a tab it does.
    @Test(arguments: Corpus.bad.map { "bad/\($0.name)" } + Corpus.good.map { "good/\($0.name)" })
    func `comments above a file that are passed over change nothing`(name: String) throws {
        let bytes = try Corpus.bytes(name)
        let length = bytes.starts(with: "\u{FEFF}".utf8) ? 3 : 0
        let decoded = ["# \n# x\n", "#\t\n#\tx\n"].map { comments in
            ProfileDecoder.decode(bytes[..<length] + Array(comments.utf8) + bytes[length...], file: name)
        }
        #expect(decoded[0] == decoded[1])
    }

    @Test(arguments: Corpus.good)
    func `the ranges of a good file lead to its values`(file: Corpus.GoodFile) throws {
        let bytes = try file.bytes
        let ranges = ProfileDecoder.decode(bytes, file: file.name).ranges
        for entry in ranges.features.entries {
            let key = String(decoding: bytes[entry.range.bytes], as: UTF8.self)
            #expect(key.trimming(["\"", "'"]) == String(entry.index))
        }
        #expect(ranges.features.entries.count == file.profile.steering.count)
        if let layer = file.profile.layer, let range = ranges.layer {
            #expect(String(decoding: bytes[range.bytes], as: UTF8.self) == String(layer))
        }
        #expect((ranges.layer == nil) == (file.profile.layer == nil))
        #expect((ranges.model == nil) == (file.profile.model == nil))
    }

    @Test(arguments: Corpus.bad)
    func `every cut of a bad file is decoded without a trap`(file: Corpus.BadFile) throws {
        let bytes = try file.bytes
        for length in stride(from: 0, to: min(bytes.count, 200), by: 1) {
            let decoded = ProfileDecoder.decode(Array(bytes.prefix(length)), file: file.name)
            #expect(decoded.profile != nil || !decoded.diagnostics.isEmpty)
        }
    }
}

extension String {
    fileprivate func trimming(_ characters: Set<Character>) -> String {
        String(drop { characters.contains($0) }.reversed().drop { characters.contains($0) }.reversed())
    }
}
