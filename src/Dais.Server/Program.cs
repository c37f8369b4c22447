using Dais.Server.Hosting;
using Dais.Server.Media.Udp;

try
{
    var builder = WebApplication.CreateSlimBuilder(DaisHost.OptionsFor(args));
    builder.AddDais();
    var app = builder.Build();
    app.UseDais();
    await app.RunAsync();
    return 0;
}
catch (Exception refusal) when (refusal is DaisConfigurationException or MediaAddressException or IOException)
{
    // A setting is wrong, a port is taken: one sentence for the operator.
    await Console.Error.WriteLineAsync(refusal.Message);
    return 1;
}
