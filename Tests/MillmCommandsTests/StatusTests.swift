import FoundationEssentials
import MillmCommands
import ProfileDirectory
import Profiles
import Testing

@Suite struct StatusTests {
    private struct Status: Decodable {
        struct Applied: Decodable {
            var id: String?
            var features: Int
        }

        var running: Bool
        var pid: Int32?
        var state: String?
        var generation: Int?
        var applied: Applied?
        var followed: Bool?
    }

    @Test func `without a daemon the status says so and exits with 1`() async throws {
        try await withBench { bench in
            let answer = await bench.millm("status")
            #expect(answer.exitCode == 1)
            #expect(answer.output.contains("No daemon has served"))
            let status = try await bench.millm("status", "--format", "json").decoded(as: Status.self)
            #expect(!status.running)
            let nowhere = await bench.millm("status", "--profiles", "\(bench.root)/nowhere")
            #expect(nowhere.output.contains("nowhere' yet, and there is no such directory."), "\(nowhere)")
        }
    }

    @Test func `a daemon that keeps its state elsewhere is told of`() async throws {
        try await withBench { bench in
            try bench.addProfile("calm", name: "Calm")
            let elsewhere = ["XDG_STATE_HOME": bench.root + "/elsewhere"]
            let state = try StateDirectory(forProfilesIn: bench.profiles, environment: elsewhere)
            try state.create()
            let lock = try DaemonLock(in: state)
            let pid = try #require(DaemonLock.holder(in: state))
            let answer = await bench.millm("status")
            #expect(answer.exitCode == 1)
            #expect(answer.output.hasPrefix("A daemon (pid \(pid)) serves '"), "\(answer.output)")
            let status = try await bench.millm("status", "--format", "json").decoded(as: Status.self)
            #expect(status.running && status.pid == pid)
            let refused = await bench.millm("activate", "calm", "--wait")
            #expect(refused.exitCode == 2)
            #expect(refused.errors.contains("(pid \(pid))"), "\(refused.errors)")
            #expect(await bench.millm("active").exitCode == 1)
            withExtendedLifetime(lock) {}
        }
    }

    @Test func `a daemon that has ended is not taken for one that runs`() async throws {
        try await withBench { bench in
            try bench.addProfile("calm", name: "Calm")
            try await FakeDaemon(bench: bench).whileServing {
                _ = await bench.millm("activate", "calm", "--wait")
            }
            let answer = await bench.millm("status")
            #expect(answer.exitCode == 1)
            #expect(answer.output.hasPrefix("No daemon is running"))
            #expect(answer.output.contains("applied  calm"))
            let status = try await bench.millm("status", "--format", "json").decoded(as: Status.self)
            #expect(!status.running)
            #expect(status.applied?.id == "calm")
        }
    }

    @Test func `the status shows what is desired and applied`() async throws {
        try await withBench { bench in
            try bench.addProfile("calm", name: "Calm")
            try await FakeDaemon(bench: bench).whileServing {
                _ = await bench.millm("activate", "calm", "--wait")
                let answer = await bench.millm("status")
                #expect(answer.exitCode == 0)
                #expect(answer.lines[0] == "state    ok")
                #expect(answer.lines[1].hasPrefix("desired  calm ("))
                #expect(answer.lines[2].hasPrefix("applied  calm ("))
                let status = try await bench.millm("status", "--format", "json").decoded(as: Status.self)
                #expect(status.running)
                #expect(status.state == "ok")
                #expect(status.generation == 1)
                #expect(status.applied?.features == 1)
            }
        }
    }

    @Test func `the status waits for the daemon to follow what the directory says`() async throws {
        try await withBench { bench in
            try bench.addProfile("calm", name: "Calm")
            try bench.addProfile("loud", name: "Loud")
            try await FakeDaemon(bench: bench).whileServing {
                for id in ["calm", "loud", "calm"] {
                    _ = await bench.millm("activate", id)
                    let answer = await bench.millm("status")
                    #expect(answer.exitCode == 0)
                    #expect(answer.lines[1].hasPrefix("desired  \(id) ("), "\(answer.output)")
                }
                let status = try await bench.millm("status", "--format", "json").decoded(as: Status.self)
                #expect(status.followed == true)
            }
        }
    }

    @Test func `a change that the daemon does not follow is told and exits with 1`() async throws {
        try await withBench { bench in
            try bench.addProfile("calm", name: "Calm")
            try await FakeDaemon(bench: bench, manner: .staysSilent).whileServing {
                #expect(await bench.millm("status").exitCode == 0)
                _ = await bench.millm("activate", "calm")
                let answer = await bench.millm("status")
                #expect(answer.exitCode == 1)
                #expect(answer.lines[0].hasPrefix("active   calm ("), "\(answer.output)")
                #expect(answer.lines[0].hasSuffix("); the daemon has not followed yet"))
                let status = try await bench.millm("status", "--format", "json").decoded(as: Status.self)
                #expect(status.running && status.followed == false)
            }
        }
    }

    @Test func `what is wrong with the link stands where the desired profile would`() async throws {
        try await withBench { bench in
            try await FakeDaemon(bench: bench, manner: .staysSilent).whileServing {
                let file = try StatusFile(in: bench.state)
                var status = try #require(try file.read())
                #expect(await bench.millm("status").output.contains("desired  no profile\n"))
                try bench.link(to: "gone.yaml")
                let message = "'active' points at 'gone.yaml', which is not there"
                status.state = .degraded
                status.reason = LoaderStatus.Reason(
                    code: "P206",
                    message: message,
                    file: "profiles/active",
                    since: Timestamp(microseconds: 0)
                )
                try file.write(status)
                let answer = await bench.millm("status")
                #expect(answer.exitCode == 1)
                #expect(answer.output.contains("desired  \(message)\n"), "\(answer.output)")
                #expect(answer.output.contains("help     run 'millm repair', 'millm activate' or 'millm deactivate'\n"))
            }
        }
    }

    @Test func `steering that was set over the API is told of, with the way back`() async throws {
        try await withBench { bench in
            try await FakeDaemon(bench: bench, manner: .staysSilent).whileServing {
                let file = try StatusFile(in: bench.state)
                var status = try #require(try file.read())
                status.state = .held
                try file.write(status)
                let answer = await bench.millm("status")
                #expect(answer.exitCode == 0)
                let line = try #require(answer.lines.first { $0.hasPrefix("held ") })
                #expect(line.contains("over the API") && line.contains("'millm activate ID'"))
            }
            #expect(await bench.millm("status", "--help").output.contains("held"))
        }
    }

    @Test func `a degraded daemon exits with 1 and shows file, line, column and why`() async throws {
        try await withBench { bench in
            try bench.addProfile("calm", name: "Calm")
            try await FakeDaemon(bench: bench, manner: .rejects).whileServing {
                _ = await bench.millm("activate", "calm", "--wait")
                let answer = await bench.millm("status")
                #expect(answer.exitCode == 1)
                #expect(answer.output.contains("state    degraded"))
                #expect(answer.output.contains("reason   profiles/calm.yaml:6:12: [P040] feature 1 does not exist"))
            }
        }
    }

    @Test func `--watch shows every change, in JSON an object a line`() async throws {
        try await withBench { bench in
            try bench.addProfile("calm", name: "Calm")
            try await FakeDaemon(bench: bench).whileServing {
                let console = CapturedConsole()
                let watching = Task {
                    await MillmTool.run(["status", "--watch", "--format", "json"], in: bench.context(console))
                }
                for await _ in console.writes where console.output.contains("inactive") { break }
                _ = await bench.millm("activate", "calm", "--wait")
                for await _ in console.writes where console.output.contains("calm") { break }
                watching.cancel()
                #expect(await watching.value == 0)
                let statuses = try console.output.split(separator: "\n").map {
                    try JSONDecoder().decode(Status.self, from: Data($0.utf8))
                }
                #expect(statuses.map(\.state) == ["inactive", "ok"])
            }
        }
    }

    @Test func `a status file that is none is an I/O error`() async throws {
        try await withBench { bench in
            try bench.state.create()
            try Data("{".utf8).write(to: URL(filePath: bench.state.path + "/status.json"))
            let answer = await bench.millm("status")
            #expect(answer.exitCode == 2)
            #expect(answer.errors.contains("status.json"))
        }
    }
}
