using Dais.Bench;

return args switch
{
    ["forward", .. var rest] when ForwardOptions.TryParse(rest, out var options) => Forwarding.Run(options),
    ["paths"] => Paths.Run(seed: 1),
    ["paths", "--seed", var seed] when int.TryParse(seed, out int number) => Paths.Run(number),
    _ => Usage(),
};

static int Usage()
{
    Console.Error.WriteLine(
        """
        usage: Dais.Bench forward [--subscribers N] [--packets N] [--repetitions N] [--relayed] [--numbered] [--raw]

               Dais.Bench paths [--seed N]

          paths          what becomes of picture and sound on simulated paths, as the table of docs/media.md
          forward        one publisher to many subscribers through a whole worker with real SRTP (AEAD_AES_128_GCM):
                         once into a sink that sends nothing, once to bound receivers on loopback
          --subscribers  receivers of each packet (256)
          --packets      packets of the publisher per repetition (240)
          --repetitions  measured repetitions of each (11)
          --relayed      the publisher is on another worker: its packets cross by a ring, and both workers' time counts
          --numbered     packets are numbered for transport-wide feedback, as browsers ask for
          --raw          one line per repetition: its name and nanoseconds of CPU per forwarded packet
        """);
    return 2;
}
