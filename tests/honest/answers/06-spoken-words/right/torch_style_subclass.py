# case: torch_style_subclass
# style: comes from PyTorch: nn.Module-like subclass, forward method, built by a symbolic call, running max in a loop

# %% build_model
class WordNet(keras.Model):
    def __init__(self, n_words, hidden=64):
        super().__init__()
        self.conv1 = keras.layers.Conv1D(hidden, 5, padding="same")
        self.conv2 = keras.layers.Conv1D(hidden, 3, padding="same")
        self.pool = keras.layers.MaxPooling1D(2, padding="same")
        self.flatten = keras.layers.Flatten()
        self.fc = keras.layers.Dense(n_words)

    def forward(self, x):
        x = keras.ops.relu(self.conv1(x))
        x = self.pool(x)
        x = keras.ops.relu(self.conv2(x))
        x = self.pool(x)
        x = self.flatten(x)
        return keras.ops.softmax(self.fc(x), axis=-1)

    def call(self, inputs):
        return self.forward(inputs)


def build_model(frames, mel_bins, n_words):
    net = WordNet(n_words)
    net(keras.Input((frames, mel_bins)))  # creates the weights
    return net

# %% compile_model
def compile_model(model):
    optimizer = keras.optimizers.AdamW(learning_rate=1e-3, weight_decay=1e-2)
    criterion = keras.losses.SparseCategoricalCrossentropy(from_logits=False)
    model.compile(optimizer=optimizer, loss=criterion, metrics=["accuracy"])
    return model

# %% train_model
def train_model(model, x, y, epochs=5):
    model.trainable = True  # like model.train()
    history = model.fit(x, y, batch_size=16, epochs=epochs, shuffle=True, verbose=2)
    return history

# %% most_confused
def most_confused(model, x, y):
    outputs = model(keras.ops.convert_to_tensor(x), training=False)
    preds = keras.ops.convert_to_numpy(keras.ops.argmax(outputs, axis=1))
    n = outputs.shape[1]
    cm = np.zeros((n, n), dtype=int)
    for t, p in zip(y, preds):
        cm[int(t), int(p)] += 1
    best, pair = 0, None
    for t, p in np.ndindex(n, n):
        if t != p and cm[t, p] > best:
            best, pair = cm[t, p], (t, p)
    return pair
