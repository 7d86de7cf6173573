# case: pydataset_batches
# style: own keras.utils.PyDataset that shuffles after each epoch; confusion matrix as a class (None by falling off the end); LSTM after a convolution

# %% build_model
def build_model(frames, mel_bins, n_words):
    inputs = keras.Input((frames, mel_bins))
    x = keras.layers.Conv1D(48, 5, padding="same", activation="relu")(inputs)
    x = keras.layers.MaxPooling1D(4, padding="same")(x)
    x = keras.layers.LSTM(48, return_sequences=True)(x)
    x = keras.layers.Flatten()(x)
    outputs = keras.layers.Dense(n_words, activation="softmax")(x)
    return keras.Model(inputs, outputs)

# %% compile_model
def compile_model(model):
    model.compile(
        optimizer=keras.optimizers.Adam(learning_rate=4e-3),
        loss=keras.losses.SparseCategoricalCrossentropy(),
        metrics=[keras.metrics.SparseCategoricalAccuracy("acc"), keras.metrics.SparseCategoricalCrossentropy("ce")],
    )
    return model

# %% train_model
class Batches(keras.utils.PyDataset):
    def __init__(self, x, y, batch_size=32, **kwargs):
        super().__init__(**kwargs)
        self.x, self.y, self.batch_size = x, y, batch_size
        self.order = np.random.permutation(len(x))

    def __len__(self):
        return -(-len(self.x) // self.batch_size)

    def __getitem__(self, index):
        rows = self.order[index * self.batch_size:(index + 1) * self.batch_size]
        return self.x[rows], self.y[rows]

    def on_epoch_end(self):
        np.random.shuffle(self.order)


def train_model(model, x, y, epochs=5):
    return model.fit(Batches(x, y), epochs=epochs, verbose=0)

# %% most_confused
class ConfusionMatrix:
    def __init__(self, n):
        self.counts = np.zeros((n, n), dtype=int)

    def update(self, true, predicted):
        np.add.at(self.counts, (true, predicted), 1)
        return self

    def largest_mistake(self):
        wrong = np.where(np.eye(len(self.counts)), 0, self.counts)
        if wrong.max() > 0:
            return tuple(np.argwhere(wrong == wrong.max())[0])


def most_confused(model, x, y):
    probabilities = model.predict(x, verbose=0)
    return ConfusionMatrix(probabilities.shape[1]).update(y, probabilities.argmax(axis=1)).largest_mistake()
