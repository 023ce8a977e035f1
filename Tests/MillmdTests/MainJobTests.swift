import Foundation
import Testing

/// The main job, end to end: a change on disk steers the running model's next answer.
@Suite(.serialized) struct MainJobTests {
    @Test func `the next answer is steered by whatever changed the directory`() async throws {
        try await RunningDaemon.with { daemon in
            let plain = try await daemon.chat()
            #expect(plain.profile == nil)
            let court = try await daemon.chat(profile: "royal-court")
            let moon = try await daemon.chat(profile: "moonlight")
            #expect(Set([plain.text, court.text, moon.text]).count == 3)

            // The command line.
            let activated = try await daemon.millm("activate", "royal-court", "--wait")
            #expect(activated.status == 0, "\(activated.errors)")
            let byCommand = try await daemon.chat()
            #expect(byCommand.text == court.text)
            #expect(byCommand.profile == "royal-court")
            #expect(byCommand.features == 1)

            // The link.
            try await daemon.shell("ln -sfn moonlight.yaml active")
            try await daemon.status { $0.applied == "moonlight" }
            #expect(try await daemon.chat().text == moon.text)

            // An edited strength, replaced by rename and then the way vim does.
            try await daemon.shell("sed -i 's/2203: 50.0/2203: 0/' moonlight.yaml")
            try await daemon.status { $0.generation == 3 }
            #expect(try await daemon.chat().text == plain.text)
            try await daemon.shell("vim -u NONE -N -es -c '%s/2203: 0/2203: 50.0/' -c 'wq' moonlight.yaml")
            try await daemon.status { $0.generation == 4 }
            #expect(try await daemon.chat().text == moon.text)

            // Another branch.
            try await daemon.shell(
                """
                git init -q . && git config user.email a@example.org && git config user.name A
                git add -A && git commit -qm moon && git checkout -qb court
                ln -sfn royal-court.yaml active && git commit -qam court
                """
            )
            try await daemon.status { $0.applied == "royal-court" }
            try await daemon.shell("git checkout -q -")
            try await daemon.status { $0.applied == "moonlight" }
            #expect(try await daemon.chat().text == moon.text)

            // No link.
            try await daemon.shell("rm active")
            try await daemon.status { $0["state"] as? String == "inactive" }
            #expect(try await daemon.chat().text == plain.text)
        }
    }

    @Test func `what cannot be applied changes nothing and is said with its place`() async throws {
        try await RunningDaemon.with { daemon in
            #expect(try await daemon.millm("activate", "royal-court", "--wait").status == 0)
            let court = try await daemon.chat().text

            for (command, file, line, column) in [
                ("sed -i 's/1588: 50.0/1588: much/' royal-court.yaml", "royal-court.yaml", 11, 9),
                ("sed -i 's/1588: much/3072: 50.0/' royal-court.yaml", "royal-court.yaml", 11, 3),
                (
                    "sed -i 's/3072: 50.0/1588: 50.0/; s/^model: .*/model: GPT-2/' royal-court.yaml",
                    "royal-court.yaml", 5, 8
                ),
            ] {
                try await daemon.shell(command)
                let status = try await daemon.status {
                    let reason = $0["reason"] as? [String: Any]
                    return reason?["line"] as? Int == line && reason?["column"] as? Int == column
                }
                let reason = try #require(status["reason"] as? [String: Any])
                #expect((reason["file"] as? String)?.hasSuffix(file) == true)
                #expect(status["state"] as? String == "degraded")
                #expect(try await daemon.chat().text == court, "\(command)")
            }
            try await daemon.shell("ln -sfn nobody.yaml active")
            try await daemon.status {
                (($0["reason"] as? [String: Any])?["message"] as? String)?.contains("nobody") == true
            }
            #expect(try await daemon.chat().text == court)
            let shown = try await daemon.millm("status")
            #expect(shown.output.contains("nobody"))

            // The file alone shows it to be wrong: refused. Only the daemon knows: saved, and told.
            try await daemon.shell("printf 'version: 1\\nname: Bad\\nsteering:\\n  1: loud\\n' > bad.yaml")
            let refused = try await daemon.millm("activate", "bad")
            #expect(refused.status == 1)
            #expect(refused.errors.contains("bad.yaml:4:6"))
            try await daemon.shell("printf 'version: 1\\nname: Far\\nsteering:\\n  99999: 1\\n' > far.yaml")
            #expect(try await daemon.millm("activate", "far", "--wait").status == 3)
            #expect(try await daemon.chat().text == court)
        }
    }

    @Test func `who activates again without force is told that the daemon does not follow`() async throws {
        try await RunningDaemon.with { daemon in
            try await daemon.shell("sed 's/^name:.*/name: Foreign/; /^model:/d' royal-court.yaml > foreign.yaml")
            try await daemon.shell("echo 'model: another' >> foreign.yaml")
            let refused = try await daemon.millm("activate", "foreign", "--wait")
            #expect(refused.status == 3)
            #expect(refused.errors.contains("--force passes over"))
            #expect(try await daemon.millm("activate", "foreign", "--wait", "--force").status == 0)
            #expect(try await daemon.millm("status").output.contains("activated with --force"))
            #expect(try await daemon.millm("set", "foreign", "1588=20", "--wait").status == 0)
            // What is put back counts as it is.
            let back = try await daemon.millm("rollback", "--wait")
            #expect(back.status == 3)
            #expect(back.errors.contains("'millm activate --force' passes over"))
            #expect(try await daemon.millm("activate", "foreign", "--wait", "--force").status == 0)
            #expect(try await daemon.millm("activate", "foreign", "--wait").status == 3)
            // What fits is applied as it was.
            #expect(try await daemon.millm("activate", "royal-court", "--wait", "--force").status == 0)
            #expect(try await daemon.millm("activate", "royal-court", "--wait").status == 0)
        }
    }

    @Test func `four requests with four profiles at once get what each gets alone`() async throws {
        try await RunningDaemon.with { daemon in
            let profiles = ["royal-court", "moonlight", "fine-print", "none"]
            var alone: [String: String] = [:]
            for profile in profiles { alone[profile] = try await daemon.chat(profile: profile).text }
            #expect(Set(alone.values).count == profiles.count)

            let together = try await withThrowingTaskGroup(of: (String, String).self) { group in
                for profile in profiles {
                    group.addTask { (profile, try await daemon.chat(profile: profile).text) }
                }
                return try await group.reduce(into: [:]) { $0[$1.0] = $1.1 }
            }
            #expect(together == alone)
            let unknown = try await daemon.chat(profile: "nobody")
            #expect(unknown.status == 404)
        }
    }

    @Test func `a second daemon on the directory is refused, and SIGTERM ends the first one well`() async throws {
        try await RunningDaemon.with { daemon in
            let second = try await daemon.shell(
                "XDG_STATE_HOME='\(daemon.root)/state' '\(Repository.products)/millmd' --profiles . --port 0 || echo refused $?"
            )
            #expect(second.output.contains("refused"))
            #expect(second.errors.contains("pid"))
            #expect(await daemon.stop() == 0)
        }
    }
}

extension [String: Any] {
    /// The id of the applied profile.
    fileprivate var applied: String? { (self["applied"] as? [String: Any])?["id"] as? String }
    fileprivate var generation: Int? { self["generation"] as? Int }
}
