import Testing

@Suite struct ActivateTests {
    @Test func `activate moves the link, active tells it, deactivate removes it`() async throws {
        try await withBench { bench in
            try bench.addProfile("calm", name: "Calm")
            try bench.addProfile("loud", name: "Loud")
            #expect(await bench.millm("activate", "calm").exitCode == 0)
            #expect(bench.linkTarget == "calm.yaml")
            #expect(await bench.millm("activate", "loud").output == "'loud' is active.\n")
            #expect(bench.linkTarget == "loud.yaml")
            #expect(await bench.millm("active").output == "loud\n")
            #expect(await bench.millm("deactivate").exitCode == 0)
            #expect(bench.linkTarget == nil)
        }
    }

    @Test func `active exits with 1 and says nothing if no profile is active`() async throws {
        try await withBench { bench in
            let answer = await bench.millm("active")
            #expect(answer.exitCode == 1)
            #expect(answer.output.isEmpty)
            #expect(answer.errors.isEmpty)
            let json = await bench.millm("active", "--format", "json")
            #expect(json.exitCode == 1)
            #expect(json.output.contains("\"active_profile_id\": null"))
        }
    }

    @Test func `a broken link is an error of active, with the reason`() async throws {
        try await withBench { bench in
            try bench.link(to: "gone.yaml")
            let answer = await bench.millm("active")
            #expect(answer.exitCode == 1)
            #expect(answer.output.isEmpty)
            #expect(answer.errors.contains("gone.yaml"))
        }
    }

    @Test func `a file with errors is refused with its findings, and the link stays`() async throws {
        try await withBench { bench in
            try bench.addProfile("calm", name: "Calm")
            try bench.write("bad.yaml", "version: 1\nname: Bad\nlayer: 1\nlayer: 2\nsteering: {}\n")
            _ = await bench.millm("activate", "calm")
            let answer = await bench.millm("activate", "bad")
            #expect(answer.exitCode == 1)
            #expect(answer.output.isEmpty)
            #expect(answer.errors.contains("error[P012]"))
            #expect(answer.errors.contains("'bad' was not activated"))
            #expect(bench.linkTarget == "calm.yaml")
        }
    }

    @Test func `--force moves the link even to a file with errors`() async throws {
        try await withBench { bench in
            try bench.write("bad.yaml", "version: 1\nname: Bad\nlayer: 1\nlayer: 2\nsteering: {}\n")
            let answer = await bench.millm("activate", "bad", "--force")
            #expect(answer.exitCode == 0)
            #expect(bench.linkTarget == "bad.yaml")
        }
    }

    @Test func `quiet activates without a word`() async throws {
        try await withBench { bench in
            try bench.addProfile("calm", name: "Calm")
            let answer = await bench.millm("activate", "calm", "-q")
            #expect(answer.exitCode == 0)
            #expect(answer.output.isEmpty)
            #expect(answer.errors.isEmpty)
        }
    }

    @Test func `an unknown id changes nothing`() async throws {
        try await withBench { bench in
            try bench.addProfile("calm", name: "Calm")
            let answer = await bench.millm("activate", "clam")
            #expect(answer.exitCode == 1)
            #expect(answer.errors.contains("Did you mean 'calm'?"))
            #expect(bench.linkTarget == nil)
        }
    }
}
