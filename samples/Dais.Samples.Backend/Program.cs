using Dais.Samples.Backend;

try
{
    await BackendApp.Build(args).RunAsync();
    return 0;
}
catch (BackendSettingsException missing)
{
    await Console.Error.WriteLineAsync(missing.Message);
    return 2;
}
