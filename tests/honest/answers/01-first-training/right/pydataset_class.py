# case: pydataset_class
# style: keras.utils.PyDataset that serves the batches; nested-layer walk for the kernel

# %% compile_model
def compile_model(model):
    optimizer = keras.optimizers.Adamax(learning_rate=0.005)
    model.compile(optimizer=optimizer, loss="sparse_categorical_crossentropy", metrics=["accuracy"])
    return model

# %% train_model
class Samples(keras.utils.PyDataset):
    def __init__(self, x, y, batch_size=32, **kwargs):
        super().__init__(**kwargs)
        self.x, self.y = x, y
        self.batch_size = batch_size

    def __len__(self):
        return -(-len(self.x) // self.batch_size)

    def __getitem__(self, index):
        start = index * self.batch_size
        stop = min(start + self.batch_size, len(self.x))
        return self.x[start:stop], self.y[start:stop]


def train_model(model, x, y, epochs=5):
    return model.fit(Samples(x, y), epochs=epochs, verbose=0)

# %% first_layer_weights
def first_layer_weights(model):
    def search(layer):
        for inner in getattr(layer, "layers", []):
            found = search(inner)
            if found is not None:
                return found
        weights = layer.get_weights()
        return weights[0].copy() if weights else None

    return search(model)

# %% weight_change
def weight_change(before, after):
    def largest(pair):
        old, new = pair
        return float(np.amax(np.absolute(new - old)))

    return list(map(largest, zip(before, after)))
