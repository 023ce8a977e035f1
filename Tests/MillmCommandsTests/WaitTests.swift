import FoundationEssentials
import Testing

@Suite struct WaitTests {
    private struct Change: Decodable {
        struct Reason: Decodable {
            var code: String
            var line: Int?
        }

        var profileId: String?
        var outcome: String
        var generation: Int?
        var features: Int?
        var milliseconds: Double?
        var reason: Reason?
    }

    @Test func `activate --wait returns once the daemon has applied the profile and tells what`() async throws {
        try await withBench { bench in
            try bench.addProfile("calm", name: "Calm", features: "{1: 2.5, 3: -1}")
            try await FakeDaemon(bench: bench).whileServing {
                let answer = await bench.millm("activate", "calm", "--wait", "--format", "json")
                #expect(answer.exitCode == 0)
                let change = try answer.decoded(as: Change.self)
                #expect(change.profileId == "calm")
                #expect(change.outcome == "applied")
                #expect(change.generation == 1)
                #expect(change.features == 2)
                #expect(change.milliseconds != nil)
                #expect(bench.linkTarget == "calm.yaml")
            }
        }
    }

    @Test func `who waits is told that another change has come between`() async throws {
        try await withBench { bench in
            try bench.addProfile("calm", name: "Calm")
            try bench.addProfile("loud", name: "Loud")
            try await FakeDaemon(bench: bench, manner: .isOvertaken(by: "loud.yaml")).whileServing {
                let answer = await bench.millm("activate", "calm", "--wait", "60")
                #expect(answer.exitCode == 2)
                #expect(answer.errors.contains("'loud' is the active profile now"))
            }
        }
    }

    @Test func `what is not there for a moment has not come between`() async throws {
        try await withBench { bench in
            try bench.addProfile("calm", name: "Calm")
            try await FakeDaemon(bench: bench, manner: .isOvertaken(by: "gone.yaml")).whileServing {
                let answer = await bench.millm("activate", "calm", "--wait", "0.5")
                #expect(answer.exitCode == 2)
                #expect(answer.errors.contains("has not followed it within 0.5 s"))
            }
        }
    }

    @Test func `activating what is applied already returns at once`() async throws {
        try await withBench { bench in
            try bench.addProfile("calm", name: "Calm")
            try await FakeDaemon(bench: bench).whileServing {
                #expect(await bench.millm("activate", "calm", "--wait").exitCode == 0)
                let again = await bench.millm("activate", "--wait", "5", "calm")
                #expect(again.exitCode == 0)
                #expect(again.output.contains("1 feature, generation 1"))
            }
        }
    }

    @Test func `a change that the daemon rejects is saved and exits with 3 and the place`() async throws {
        try await withBench { bench in
            try bench.addProfile("calm", name: "Calm")
            try await FakeDaemon(bench: bench, manner: .rejects).whileServing {
                let answer = await bench.millm("activate", "calm", "--wait")
                #expect(answer.exitCode == 3)
                #expect(answer.errors.contains("profiles/calm.yaml:6:12: [P040] feature 1 does not exist"))
                #expect(bench.linkTarget == "calm.yaml")
                let json = await bench.millm("activate", "calm", "--wait", "--format", "json")
                #expect(json.exitCode == 3)
                let change = try json.decoded(as: Change.self)
                #expect(change.outcome == "rejected")
                #expect(change.reason?.line == 6)
            }
        }
    }

    @Test func `deactivate --wait returns once the daemon has cleared its steering`() async throws {
        try await withBench { bench in
            try bench.addProfile("calm", name: "Calm")
            try await FakeDaemon(bench: bench).whileServing {
                _ = await bench.millm("activate", "calm", "--wait")
                let answer = await bench.millm("deactivate", "--wait", "--format", "json")
                #expect(answer.exitCode == 0)
                let change = try answer.decoded(as: Change.self)
                #expect(change.generation == 2)
                #expect(bench.linkTarget == nil)
            }
        }
    }

    @Test func `a daemon that stays silent is given up after the time that was asked for`() async throws {
        try await withBench { bench in
            try bench.addProfile("calm", name: "Calm")
            try await FakeDaemon(bench: bench, manner: .staysSilent).whileServing {
                let answer = await bench.millm("activate", "calm", "--wait=0.1")
                #expect(answer.exitCode == 2)
                #expect(answer.errors.contains("has not followed it within 0.1 s"))
                #expect(bench.linkTarget == "calm.yaml")
            }
        }
    }

    @Test func `without a daemon --wait changes nothing and says so`() async throws {
        try await withBench { bench in
            try bench.addProfile("calm", name: "Calm")
            let answer = await bench.millm("activate", "calm", "--wait")
            #expect(answer.exitCode == 2)
            #expect(answer.errors.contains("No daemon is running"))
            #expect(bench.linkTarget == nil)
        }
    }

    @Test(arguments: ["--wait=soon", "--wait=0", "--wait=-1"])
    func `a time that is none is refused`(option: String) async throws {
        try await withBench { bench in
            try bench.addProfile("calm", name: "Calm")
            let answer = await bench.millm("activate", "calm", option)
            #expect(answer.exitCode == 2)
            #expect(answer.errors.contains("--wait"))
            #expect(bench.linkTarget == nil)
        }
    }

    @Test func `set --wait returns once the daemon follows the active profile, or rejects it`() async throws {
        try await withBench { bench in
            try bench.addProfile("calm", name: "Calm")
            try bench.link(to: "calm.yaml")
            try await FakeDaemon(bench: bench).whileServing {
                let answer = await bench.millm("set", "calm", "1=4", "--wait")
                #expect(answer.exitCode == 0)
                #expect(
                    answer.output.hasPrefix("'calm' names 1 feature now, and the daemon has applied it: generation")
                )
                let unset = await bench.millm("unset", "calm", "1", "--wait", "--format", "json")
                #expect(unset.exitCode == 0)
                #expect(unset.output.contains("\"outcome\": \"applied\""))
            }
            try await FakeDaemon(bench: bench, manner: .rejects).whileServing {
                let answer = await bench.millm("set", "calm", "1=5", "--wait")
                #expect(answer.exitCode == 3)
                #expect(answer.errors.contains("'calm' names 1 feature now, but the daemon rejected it"))
            }
        }
    }

    @Test func `there is nothing to wait for if another profile is active`() async throws {
        try await withBench { bench in
            try bench.addProfile("calm", name: "Calm")
            let answer = await bench.millm("set", "calm", "1=4", "--wait")
            #expect(answer.exitCode == 0)
            #expect(answer.errors.contains("is not the active profile"))
        }
    }
}
