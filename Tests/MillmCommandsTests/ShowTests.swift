import Testing

@Suite struct ShowTests {
    private struct Object: Decodable {
        var id: String
        var steering: [String: Double]
        var valid: Bool
    }

    @Test func `a profile is shown with its features, sorted by index`() async throws {
        try await withBench { bench in
            try bench.addProfile("calm", name: "Calm", features: "{12: -3, 7: 1.5}")
            try bench.link(to: "calm.yaml")
            let answer = await bench.millm("show", "calm")
            #expect(answer.exitCode == 0)
            #expect(answer.lines.first == "Calm (calm, active)")
            #expect(answer.output.contains("model    Echo-1B\n"))
            #expect(answer.output.hasSuffix("FEATURE  STRENGTH\n      7       1.5\n     12      -3.0\n"))
        }
    }

    @Test func `a description of several lines keeps its lines and loses its control characters`() async throws {
        try await withBench { bench in
            try bench.write(
                "calm.yaml",
                "version: 1\nname: Calm\ndescription: \"Slow,\\nkind\\u202e.\"\nsteering: {}\n"
            )
            let answer = await bench.millm("show", "calm")
            #expect(answer.lines.dropFirst().prefix(2) == ["Slow,", "kind\\u{202e}."])
        }
    }

    @Test func `JSON is the API's profile object`() async throws {
        try await withBench { bench in
            try bench.addProfile("calm", name: "Calm", features: "{7: 1.5}")
            let object = try await bench.millm("show", "calm", "--format", "json").decoded(as: Object.self)
            #expect(object.id == "calm")
            #expect(object.steering == ["7": 1.5])
            #expect(object.valid)
        }
    }

    @Test func `a file in the directory stands for its profile`() async throws {
        try await withBench { bench in
            try bench.addProfile("calm", name: "Calm")
            for reference in ["calm.yaml", "\(bench.profiles)/calm.yaml", "\(bench.profiles)/../profiles/calm.yaml"] {
                let answer = await bench.millm("show", reference)
                #expect(answer.exitCode == 0, "\(reference)")
            }
            for reference in ["calm.json", "\(bench.root)/calm.yaml", "/calm.yaml"] {
                let answer = await bench.millm("show", reference)
                #expect(answer.exitCode == 1, "\(reference)")
            }
        }
    }

    @Test func `an unknown id is refused with what may have been meant`() async throws {
        try await withBench { bench in
            try bench.addProfile("king-james", name: "King James")
            let mistyped = await bench.millm("show", "king-jmaes")
            #expect(mistyped.exitCode == 1)
            #expect(mistyped.output.isEmpty)
            #expect(mistyped.errors.contains("Did you mean 'king-james'?"))
            let misnamed = await bench.millm("show", "king-james.yml")
            #expect(misnamed.errors.contains("Did you mean 'king-james.yaml'?"))
            let named = await bench.millm("show", "King James")
            #expect(named.errors.contains("the profile with that name is 'king-james'"))
            let strange = await bench.millm("show", "../etc/passwd\u{1B}[31m")
            #expect(strange.exitCode == 1)
            #expect(!strange.errors.contains("\u{1B}"))
        }
    }

    @Test func `an invalid file is shown with its findings and exits with 1`() async throws {
        try await withBench { bench in
            try bench.write("bad.yaml", "version: 1\nname: Bad\nlayer: 1\nlayer: 2\nsteering: {}\n")
            let answer = await bench.millm("show", "bad")
            #expect(answer.exitCode == 1)
            #expect(answer.output.contains("error[P012]"))
            #expect(answer.output.contains("bad.yaml:4:1"))
        }
    }

    @Test func `with JSON a refusal is an object on standard error`() async throws {
        struct Failure: Decodable {
            var code: String
            var message: String
        }
        try await withBench { bench in
            var answer = await bench.millm("show", "nobody", "--format", "json")
            #expect(answer.exitCode == 1)
            #expect(answer.output.isEmpty)
            answer.output = answer.errors
            let failure = try answer.decoded(as: Failure.self)
            #expect(failure.code == "PROFILE_NOT_FOUND")
        }
    }
}
