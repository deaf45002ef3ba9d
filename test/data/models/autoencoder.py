import torch
import torch.nn as nn


class Encoder(nn.Module):
    def __init__(self, latent):
        super().__init__()
        self.net = nn.Sequential(
            nn.Conv2d(1, 16, 3, stride=2, padding=1),
            nn.LeakyReLU(0.2),
            nn.Conv2d(16, 32, 3, stride=2, padding=1),
            nn.LeakyReLU(0.2),
            nn.Flatten(),
        )
        self.mu = nn.Linear(32 * 7 * 7, latent)
        self.log_var = nn.Linear(32 * 7 * 7, latent)

    def forward(self, x):
        h = self.net(x)
        return self.mu(h), self.log_var(h)


class Decoder(nn.Module):
    def __init__(self, latent):
        super().__init__()
        self.fc = nn.Linear(latent, 32 * 7 * 7)
        self.net = nn.Sequential(
            nn.Unflatten(1, (32, 7, 7)),
            nn.ConvTranspose2d(32, 16, 3, stride=2, padding=1, output_padding=1),
            nn.PReLU(16),
            nn.ConvTranspose2d(16, 1, kernel_size=4, stride=2, padding=1),
            nn.Tanh(),
        )

    def forward(self, z):
        return self.net(self.fc(z))


class VAE(nn.Module):
    def __init__(self, latent: int = 10) -> None:
        super().__init__()
        self.latent = latent
        self.encoder = Encoder(latent)
        self.decoder = Decoder(latent)

    def reparameterize(self, mu, log_var):
        std = torch.exp(0.5 * log_var)
        eps = torch.randn_like(std)
        return mu + eps * std

    def forward(self, x):
        mu, log_var = self.encoder(x)
        z = self.reparameterize(mu, log_var) if self.training else mu
        out = self.decoder(z)
        return out, mu, log_var


def main():
    model = VAE(latent=16)
    batch = torch.rand(8, 1, 28, 28)
    recon, mu, log_var = model(batch)
    loss = nn.functional.mse_loss(recon, batch)
    loss.backward()


if __name__ == "__main__":
    main()
